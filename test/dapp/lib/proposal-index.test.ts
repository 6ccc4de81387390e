import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import type { IndexerClient } from "../../../dapp/src/lib/indexer-client.ts";
import { ballotsFromIndexer, proposalFromIndexer, proposalIdOf } from "../../../dapp/src/lib/proposal-index.ts";

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
      canceledAt: 300,
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

  it("have ballots with both weights, asked for by voter in lower case", async () => {
    const cast = { proposal: { id: "9" }, voter: { id: ADA }, support: "Abstain", units: "3", tokens: "4" };
    const { client, asked } = answering({ ballots: [{ ...cast, reason: "", castAt: "150", transaction: "0x06" }] });
    const [ballot] = await ballotsFromIndexer(client, { voter: "0x00000000000000000000000000000000000000AA" });
    expect(ballot).to.include({ proposalId: 9n, voter: ADA, support: 2, units: 3n, tokens: 4n, castAt: 150 });
    expect(asked).to.deep.equal([{ where: { voter: ADA } }]);
  });
});
