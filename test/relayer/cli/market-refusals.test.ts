import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { expect } from "chai";
import { refusalSentence } from "../../../relayer/cli/contract-refusal.ts";
import { MARKET_REFUSALS } from "../../../relayer/cli/market-refusals.ts";

const names = errorsAbi.map(({ name }) => name as string);

describe("MARKET_REFUSALS", () => {
  it("explains every error of listings, leases, vouchers and their disputes", () => {
    const met = names.filter((name) =>
      /^(NodeListings|LeaseEscrow|LeaseVouchers|LeaseDisputes|TokenBalances)_/.test(name),
    );
    expect(met.filter((name) => !(name in MARKET_REFUSALS))).to.deep.equal([]);
  });

  it("explains only errors that contracts have", () => {
    expect(Object.keys(MARKET_REFUSALS).filter((name) => !names.includes(name))).to.deep.equal([]);
  });

  it("names states, kinds and shares", () => {
    expect(refusalSentence("LeaseEscrow_WrongStatus", [7n, 10])).to.equal(
      "the contract refuses: lease 7 is breached, which does not allow this (LeaseEscrow_WrongStatus)",
    );
    expect(refusalSentence("NodeListings_NotAttested", [3, 1, 5_000n, 2_500n])).to.include(
      "50 % of the GPU of node 3, 25 % are attested",
    );
    const admitted = (privacy: number) => refusalSentence("NodeListings_NotAdmitted", [4, "0xAB", privacy]);
    expect(admitted(1)).to.include("the operator can add the wallet with listing members add");
    expect(admitted(2)).to.include("the operator can sign an offer");
    expect(admitted(3)).to.include("owners of registered identities may lease it").and.not.include("offer");
    expect(refusalSentence("LeaseVouchers_OutsideWindow", [9n, 9n])).to.include("could be redeemed before epoch 9");
  });
});
