import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { proposalIdOf } from "../../../contracts/protocol/proposal-id.ts";
import type { IndexerClient } from "../../../dapp/src/lib/indexer-client.ts";
import { ballotsFromIndexer, proposalFromIndexer, proposalsFromIndexer } from "../../../dapp/src/lib/proposal-index.ts";

const ADA = "0x00000000000000000000000000000000000000aa";
const TARGET = "0x00000000000000000000000000000000000000bb";
const CALLS = [{ target: TARGET, value: 1n, data: "0x01020304" }] as const;

/** An indexer that gives this answer to every query. */
function answering(answer: object): { client: IndexerClient; asked: unknown[] } {
  const asked: unknown[] = [];
  const query = (_: string, variables: unknown) => {
    asked.push(variables);
    return Promise.resolve(answer);
  };
  return { client: { query } as unknown as IndexerClient, asked };
}

function proposalWith(changes: object) {
  return {
    ...{ description: "# Pay\nAda", proposer: { id: ADA }, voteStart: "100", voteEnd: "260", extendedBy: "60" },
    ...{ createdAt: "50", createdTransaction: "0x05", queuedAt: null, executedAt: null, cancelledAt: "300" },
    ...{ bond: "7", bondState: "Burnt", bondEndedAt: "310" },
    ...{ actions: [{ target: TARGET, value: "1", calldata: "0x01020304" }], ...changes },
  };
}

describe("proposals of the indexer", () => {
  const id = proposalIdOf({ calls: CALLS, description: "# Pay\nAda" });

  it("are what their number is the hash of, with their story", async () => {
    const found = await proposalFromIndexer(answering({ proposal: proposalWith({}) }).client, id);
    expect(found?.made).to.include({ id, proposer: ADA, voteStart: 100, plannedEnd: 200 });
    expect(found?.made.calls).to.deep.equal(CALLS);
    expect(found?.made.descriptionHash).to.equal(keccak256(stringToHex("# Pay\nAda")));
    expect(found?.story).to.deep.equal({
      createdAt: 50,
      cancelledAt: 300,
      bond: { isBurnt: true, amount: 7n, at: 310 },
    });
  });

  it("are unknown when they are not told as they were made", async () => {
    const told = (changes: object, of = id) =>
      proposalFromIndexer(answering({ proposal: proposalWith(changes) }).client, of);
    expect(await told({ description: "# Pay\nBen" })).to.equal(undefined);
    expect(await told({ actions: [{ target: ADA, value: "1", calldata: "0x01020304" }] })).to.equal(undefined);
    expect(await told({}, proposalIdOf({ calls: CALLS, description: "# Pay\u0000\nAda" }))).to.equal(undefined);
    expect(await proposalFromIndexer(answering({ proposal: null }).client, id)).to.equal(undefined);
  });

  it("are listed with what is still held of the bond, and with all units once voting has begun", async () => {
    const raw = {
      ...{ id: `${id}`, title: "", proposer: { id: ADA }, voteStart: "100", voteEnd: "200", eta: null },
      ...{ executedAt: null, cancelledAt: null, quorumBp: 1_500, vetoQuorumBp: 2_000, tokenVetoBp: 1_000 },
      ...{ votableSupply: "10", bond: "7", bondState: "Held", totalUnits: "9", forUnits: "1", againstUnits: "2" },
      ...{ abstainUnits: "3", forTokens: "4", againstTokens: "5" },
    };
    const listed = async (changes: object, now: number) => {
      const { client } = answering({ proposals: [{ ...raw, ...changes }] });
      return (await proposalsFromIndexer(client, now))[0]!;
    };
    const begun = await listed({}, 101);
    expect(begun).to.include({ id, title: "Without a title" });
    expect(begun.standing.unitsAtSnapshot).to.equal(9n);
    expect((await listed({}, 100.9)).standing.unitsAtSnapshot, "at the snapshot").to.equal(undefined);
    expect(begun.standing.terms.bond).to.equal(7n);
    expect((await listed({ bondState: "Burnt" }, 300)).standing.terms.bond).to.equal(0n);
    expect((await listed({ cancelledAt: "150" }, 300)).standing.isCancelled).to.equal(true);
  });

  it("have ballots with both weights, asked for by voter in lower case", async () => {
    const cast = { proposal: { id: "9" }, voter: { id: ADA }, support: "Abstain", units: "3", tokens: "4" };
    const text = { reason: "It was", reasonLength: 1_234 };
    const { client, asked } = answering({ ballots: [{ ...cast, ...text, castAt: "150", transaction: "0x06" }] });
    const [ballot] = await ballotsFromIndexer(client, { voter: "0x00000000000000000000000000000000000000AA" });
    expect(ballot).to.include({ proposalId: 9n, voter: ADA, support: 2, units: 3n, tokens: 4n, castAt: 150 });
    expect(ballot?.reason).to.equal("It was … (cut, 1,234 characters in all)");
    expect(asked).to.deep.equal([{ where: { voter: ADA } }]);
  });
});
