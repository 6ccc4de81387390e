import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import { eventually, isAlive, portArguments, StartedNetwork } from "./devnet.ts";

const NODES = 3;
const EPOCH_SECONDS = 5;
const SIZE = ["--nodes", String(NODES), "--operators", "1", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
const ARGUMENTS = [...SIZE, "--no-dapp", "--keep", ...portArguments(23_200)];
const READY_MS = 150_000;
/** How long the parts may outlive a killed start. */
const ENDING_MS = 8_000;

/** An attestation in an agent's journal. */
interface JournalRow {
  sequence: number;
  epoch: number;
  digest: string;
}

describe("a network that is kept", function () {
  this.timeout(240_000);
  const network = new StartedNetwork();
  let contracts: object;
  let kept: { lastEpoch: bigint; journals: JournalRow[][] };

  before("start", async () => {
    network.start(ARGUMENTS);
    await network.untilReady(READY_MS);
    await fullReportAfter(-1n);
    ({ contracts } = network.network());
  });

  after("stop", () => network.dispose());

  async function reports() {
    const { rpcUrl, contracts: at } = network.network();
    const logs = await createPublicClient({ transport: http(rpcUrl) }).getContractEvents({
      address: at.AttestationBridge,
      abi: attestationBridgeAbi,
      eventName: "ReportAccepted",
      fromBlock: 0n,
    });
    return logs.map(({ args }) => ({ epoch: args.epoch!, absent: args.absent!, digest: args.digest! }));
  }

  /** Waits for a report of a later epoch in which every node attested. */
  function fullReportAfter(epoch: bigint) {
    const find = async () => (await reports()).find((report) => report.epoch > epoch && report.absent === "0x");
    return eventually(`a report of all nodes after epoch ${epoch}`, find, 60_000);
  }

  function journalOf(nodeIndex: number): JournalRow[] {
    const file = path.join(network.dir, `data/agents/${nodeIndex}/data/journal.sqlite`);
    const journal = new DatabaseSync(file, { readOnly: true });
    const rows = journal.prepare("SELECT sequence, epoch, digest FROM attestation ORDER BY sequence").all();
    journal.close();
    return rows as unknown as JournalRow[];
  }

  const journals = (): JournalRow[][] => Array.from({ length: NODES }, (_, nodeIndex) => journalOf(nodeIndex));

  function remember(): void {
    const signed = journals();
    // The newest attestations of before may be reported after the restart: only later epochs show that it goes on.
    const newest = signed.flat().reduce((epoch, row) => (BigInt(row.epoch) > epoch ? BigInt(row.epoch) : epoch), 0n);
    kept = { lastEpoch: newest, journals: signed };
  }

  /** Starts the network again and checks that everything continues what was there. */
  async function expectToGoOn(): Promise<void> {
    network.start(ARGUMENTS);
    await network.untilReady(READY_MS);
    expect(network.network().contracts, "addresses").to.deep.equal(contracts);
    await fullReportAfter(kept.lastEpoch);
    for (const [nodeIndex, rows] of journals().entries()) {
      const known = kept.journals[nodeIndex]!;
      expect(rows.slice(0, known.length), `what node ${nodeIndex} had signed`).to.deep.equal(known);
      expect(rows.length, `attestations of node ${nodeIndex}`).to.be.greaterThan(known.length);
      expect(rows.map(({ sequence }) => sequence)).to.deep.equal(rows.map((_, i) => i + 1));
    }
    await expectIndexerInStep();
  }

  async function expectIndexerInStep(): Promise<void> {
    const body = JSON.stringify({ query: "{ reports(first: 1000, orderBy: epoch) { epoch digest } }" });
    const headers = { "content-type": "application/json" };
    await eventually(
      "the indexer has the reports of the chain",
      async () => {
        const response = await fetch(`${network.network().indexerUrl}/graphql`, { method: "POST", headers, body });
        const { data } = (await response.json()) as { data: { reports: { epoch: string; digest: string }[] } };
        const onChain = (await reports()).map(({ epoch, digest }) => ({ epoch: `${epoch}`, digest }));
        return JSON.stringify(data.reports) === JSON.stringify(onChain) ? true : undefined;
      },
      20_000,
    );
  }

  it("goes on after Ctrl-C", async () => {
    remember();
    expect(await network.interrupt(), "exit code").to.equal(0);
    await expectToGoOn();
  });

  it("leaves nothing running when its start is killed", async () => {
    remember();
    const pids = Object.values(network.status()!.pids);
    expect(pids.length, "processes").to.be.greaterThan(NODES);
    process.kill(network.commandPid, "SIGKILL");
    await network.exited;
    await eventually("every part ended", () => (pids.some(isAlive) ? undefined : true), ENDING_MS);
  });

  it("goes on after that", () => expectToGoOn());

  it("lets no second start into its directory", async () => {
    const second = new StartedNetwork(network.dir);
    second.start(["--no-dapp", ...portArguments(23_400)]);
    expect(await second.exited, "exit code").to.equal(1);
    expect(second.output).to.match(/data directory .* is in use by process \d+ \(npm start\)/);
  });

  it("refuses to go on with other options", async () => {
    expect(await network.interrupt(), "exit code").to.equal(0);
    network.start([...ARGUMENTS, "--nodes", "4"]);
    expect(await network.exited, "exit code").to.equal(1);
    expect(network.output).to.match(/the kept devnet in .* has nodes 3, not 4/);
  });
});
