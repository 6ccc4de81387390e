import { refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import { expect } from "chai";

const FIRST = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const STRANGER = "0x00000000000000000000000000000000000000b1";

describe("development keys", () => {
  it("are refused on every chain but the devnet's, whatever the case of the address", () => {
    for (const account of [FIRST, FIRST.toLowerCase()]) {
      expect(() => refuseDevelopmentKeys(1, { council: STRANGER, wallet: account })).to.throw(
        `wallet ${account} is a public development account: refused on chain 1`,
      );
      expect(() => refuseDevelopmentKeys(31_337, { wallet: account })).not.to.throw();
    }
  });

  it("say nothing about other accounts", () => {
    expect(() => refuseDevelopmentKeys(1, { wallet: STRANGER })).not.to.throw();
  });
});
