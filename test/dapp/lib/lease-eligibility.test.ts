import { BUYERS, type Buyer, PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { expect } from "chai";
import { eligibilityOf } from "../../../dapp/src/lib/lease-eligibility.ts";

/** Who may lease, written down apart from the code: rows as in docs/MARKETPLACE.md. */
const TABLE: Record<PrivacyLevel, Record<Buyer, boolean>> = {
  Private: { Stranger: false, Member: false, Invited: false, Own: true },
  PrivateNetwork: { Stranger: false, Member: true, Invited: false, Own: true },
  P2P: { Stranger: false, Member: false, Invited: true, Own: true },
  PublicNetwork: { Stranger: false, Member: true, Invited: false, Own: true },
  FullPublic: { Stranger: true, Member: true, Invited: true, Own: true },
};

describe("eligibilityOf", () => {
  for (const privacy of PRIVACY_LEVELS) {
    for (const buyer of BUYERS) {
      const may = TABLE[privacy][buyer];
      it(`${may ? "offers" : "refuses"} ${privacy} to ${buyer}, and says why`, () => {
        const found = eligibilityOf(privacy, buyer);
        expect(found.may).to.equal(may);
        expect(found.sentence).to.match(/\.$/);
        expect(found.word).to.match(may ? /can lease|admitted|own/i : /not for you|needs an offer/i);
      });
    }
  }

  it("says to whom it asks for a way in", () => {
    expect(eligibilityOf("PrivateNetwork", "Stranger").sentence).to.include("Ask the operator to add your wallet");
    expect(eligibilityOf("P2P", "Member").sentence).to.include("load its file");
    expect(eligibilityOf("PublicNetwork", "Stranger").sentence).to.include("Register as an operator");
  });

  it("promises nothing but public listings without a wallet", () => {
    const open = PRIVACY_LEVELS.filter((privacy) => eligibilityOf(privacy, undefined).may);
    expect(open).to.deep.equal(["FullPublic"]);
  });
});
