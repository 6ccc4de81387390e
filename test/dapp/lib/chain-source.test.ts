import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { bytesToHex } from "viem";
import { nodeFromChain, nodesFromChain, overviewFromChain } from "../../../dapp/src/lib/chain-source.ts";
import { type ChainClient, networkClient } from "../../../dapp/src/lib/network-chain.ts";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import {
  addNodes,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";

const EPOCH_SECONDS = 60;
/** More absent and more degraded nodes than the contract keeps in its sparse lists. */
const NODES = 150;
const ABSENT = Array.from({ length: 75 }, (_, i) => 2 * i + 1);
const DEGRADED = Array.from({ length: 66 }, (_, i) => 2 * i);

describe("reading the chain after an outage of half a shard", function () {
  this.timeout(120_000);
  let chain: TestChain;
  let network: TestNetwork;
  let client: ChainClient;
  let epoch: number;

  before(async () => {
    chain = await startAnvil();
    network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS });
    await addNodes(network, freshPublicKeys(NODES));
    const endpoint = "http://127.0.0.1:1";
    const seats = await seatCommittee(
      network,
      [4, 5, 6, 7].map((accountIndex) => ({ accountIndex, endpoint })),
    );
    await chain.rpc("evm_increaseTime", 6 * EPOCH_SECONDS);
    await chain.mine(16);
    client = networkClient(network.config);
    epoch = await runningEpoch();
    await report(seats);
  });

  after(() => chain?.stop());

  const runningEpoch = async (): Promise<number> =>
    Math.floor(((await chain.head()).timestamp - network.config.epoch.genesis) / EPOCH_SECONDS);

  const report = async (seats: TestRelayer[]): Promise<void> => {
    // Late, so that the epochs before, which nobody reports, are out of the way.
    await chain.mineAt(network.epochStart(epoch + 3) - 20);
    const quality = bytesToHex(new Uint8Array(NODES).fill(200));
    const lists = { absent: encodeIndexList(new Set(ABSENT)), degraded: encodeIndexList(new Set(DEGRADED)), quality };
    await postReport(network, await makeReport(network, { epoch: BigInt(epoch), ...lists }), seats);
  };
  const access = () => ({ client, config: network.config });

  it("counts every node of the shard in a report", async () => {
    const { reports, nodeCount } = await overviewFromChain(access(), 10);
    expect(nodeCount).to.equal(NODES);
    expect(reports).to.have.length(1);
    expect(reports[0]).to.include({ epoch, attested: 9, absent: 75, degraded: 66, signerCount: 4 });
  });

  it("lists every node with the status that the contract tells", async () => {
    const nodes = await nodesFromChain(access());
    expect(nodes).to.have.length(NODES);
    const { AttestationBridge } = network.config.contracts;
    for (const nodeIndex of [0, 1, 130, 132, 147, 149]) {
      const args = [nodeIndex, BigInt(epoch)] as const;
      const bridge = { address: AttestationBridge, abi: attestationBridgeAbi } as const;
      const status = await client.readContract({ ...bridge, functionName: "statusOf", args });
      expect(nodes[nodeIndex]?.last, `node ${nodeIndex}`).to.include({ epoch, status: EPOCH_STATUSES[status] });
    }
  });

  it("shows the epoch in the history of an absent node", async () => {
    const node = await nodeFromChain(access(), 149, { epoch: epoch + 2, reportableFrom: epoch });
    expect(node?.history.find((cell) => cell.epoch === epoch)).to.deep.equal({ epoch, status: "Absent" });
    expect(node?.history.at(-1)).to.deep.equal({ epoch: epoch + 2, status: "Pending" });
  });
});
