import { expect } from "chai";
import { stringToHex } from "viem";
import type { ChainAccess } from "../../../dapp/src/lib/chain-source.ts";
import type { IndexerClient } from "../../../dapp/src/lib/indexer-client.ts";
import { changesFromChain, changesFromIndexer } from "../../../dapp/src/lib/parameter-changes.ts";

function logOf(name: string, transactionHash: string, [previousValue, newValue]: [bigint, bigint], logIndex = 0) {
  const args = { id: stringToHex(name, { size: 32 }), previousValue, newValue, effectiveAt: 70n };
  return { args, transactionHash, logIndex };
}

/** A chain whose table has two numbers, and these logs, oldest first. */
function chainWith(logs: object[]): ChainAccess {
  const client = {
    readContract: () => Promise.resolve([{}, {}]),
    getBlockNumber: () => Promise.resolve(9n),
    getContractEvents: () => Promise.resolve([...logs]),
  };
  return { client, config: { startBlock: 1, contracts: {} } } as unknown as ChainAccess;
}

describe("changes of parameters", () => {
  it("come from the indexer with the proposal that decided them", async () => {
    const raw = { previousValue: "5", newValue: "6", effectiveAt: "70", transaction: "0x01" };
    const parameterChanges = [
      { ...raw, id: "b", parameter: { id: "quorumBp" }, operation: { proposal: { id: "12", title: "More" } } },
      { ...raw, id: "a", parameter: { id: "voteCap" }, operation: { proposal: null } },
    ];
    const client = { query: () => Promise.resolve({ parameterChanges }) } as unknown as IndexerClient;
    const change = { before: 5n, after: 6n, effectiveAt: 70, transaction: "0x01" };
    expect(await changesFromIndexer(client)).to.deep.equal([
      { ...change, key: "b", name: "quorumBp", proposal: { id: 12n, title: "More" } },
      { ...change, key: "a", name: "voteCap" },
    ]);
  });

  it("come from logs without what the deployment set", async () => {
    const deployed = [logOf("voteCap", "0x01", [0n, 5n]), logOf("quorumBp", "0x01", [0n, 6n], 1)];
    const changes = await changesFromChain(chainWith([...deployed, logOf("voteCap", "0x02", [5n, 0n])]));
    expect(changes).to.deep.equal([
      { key: "0x02-0", name: "voteCap", before: 5n, after: 0n, effectiveAt: 70, transaction: "0x02" },
    ]);
  });

  it("begin with the oldest one that was found when the deployment lies further back", async () => {
    const logs = [logOf("voteCap", "0x02", [0n, 5n]), logOf("voteCap", "0x03", [5n, 7n])];
    expect((await changesFromChain(chainWith(logs))).map(({ after }) => after)).to.deep.equal([7n, 5n]);
  });
});
