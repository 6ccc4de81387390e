import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { CLIENT, JANITOR_FEE, TestMarket } from "../../helpers/test-market.ts";
import { addNodes, freshPublicKeys, seatCommittee } from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { type CliNetwork, startCliNetwork } from "./support/cli-network.ts";
import { PASSWORD } from "./support/run-pqmesh.ts";

const FIRST = 20;
const STRANGER = 8;

interface Found {
  dryRun: boolean;
  openLeases: number;
  leases: {
    leaseId: string;
    reason: string;
    dueSince: string;
    paidFrom: string;
    paysNow: boolean;
    fee: { text: string };
  }[];
  sweeps: { closed: string[]; skipped: string[]; earned: { units: string; text: string }[] }[];
}

describe("pqmesh janitor", function () {
  this.timeout(120_000);
  let network: CliNetwork;
  let market: TestMarket;

  beforeEach(async () => {
    network = await startCliNetwork({ isHere: true });
    await network.keystore("any.json", "secp256k1", "wallet", testAccount(STRANGER).getHdKey().privateKey!);
    await addNodes(network, freshPublicKeys(1));
    const relayers = await seatCommittee(network, [{ accountIndex: 10, endpoint: "https://127.0.0.1:1" }]);
    await goTo(FIRST);
    market = await TestMarket.open(network, relayers, FIRST - 2);
    await market.list({ acceptEpochs: 20, uptimeBp: 0, maxMissedRun: 1_000 });
  });

  afterEach(() => network?.stop());

  const goTo = (epoch: number) => network.chain.mineAt(network.epochStart(epoch));
  const janitor = (...options: string[]) =>
    network.ok<Found>("janitor", "--wallet", network.file("any.json"), ...options);

  it("finds what is over, sweeps what pays, and earns its fees", async () => {
    for (let i = 0; i < 2; i++) await market.lease();
    await market.rent({ epochs: 200 });
    const { openLeases, leases } = await janitor();
    expect({ openLeases, leases }, "while nothing is over").to.deep.equal({ openLeases: 3, leases: [] });
    const accept = BigInt(await currentEpoch()) + 20n;
    await goTo(Number(accept) + 1);
    const early = await janitor("--yes");
    expect(early.leases.map(({ leaseId, reason, paysNow }) => ({ leaseId, reason, paysNow }))).to.deep.equal([
      { leaseId: "1", reason: "NotAccepted", paysNow: false },
      { leaseId: "2", reason: "NotAccepted", paysNow: false },
    ]);
    expect(early.sweeps, "what pays nothing yet is left").to.deep.equal([]);
    await goTo(Number(early.leases[1]!.paidFrom));
    const dry = await janitor("--dry-run");
    expect(dry.leases.map(({ paysNow, fee }) => ({ paysNow, fee: fee.text }))).to.deep.equal([
      { paysNow: true, fee: "0.5 TUSD" },
      { paysNow: true, fee: "0.5 TUSD" },
    ]);
    expect({ dryRun: dry.dryRun, sweeps: dry.sweeps }).to.deep.equal({ dryRun: true, sweeps: [] });
    const { openLeases: before, sweeps } = await janitor("--yes");
    expect(before, "as they were found").to.equal(3);
    expect(sweeps).to.have.length(1);
    expect(sweeps[0]).to.deep.include({ closed: ["1", "2"], skipped: [] });
    expect(sweeps[0]!.earned.map(({ text }) => text)).to.deep.equal(["1 TUSD"]);
    expect(await market.credit(STRANGER), "credited").to.equal(2n * JANITOR_FEE);
    expect((await janitor("--yes")).leases, "nothing twice").to.deep.equal([]);
  });

  it("sweeps what pays nothing only when asked to", async () => {
    await market.lease();
    await goTo(FIRST + 60);
    await market.list({ acceptEpochs: 1 });
    await market.lease({ listing: 2 });
    await goTo((await currentEpoch()) + 2);
    const { sweeps } = await janitor("--unpaid", "--yes");
    expect(sweeps[0]!.closed).to.deep.equal(["1", "2"]);
    expect(await market.credit(STRANGER), "one was overdue").to.equal(JANITOR_FEE);
    expect(await market.credit(CLIENT), "two deposits and one fee").to.equal(40_000_000n + JANITOR_FEE);
  });

  it("watches until it is told to end", async () => {
    await market.lease();
    const program = join(import.meta.dirname, "../../../relayer/cli/pqmesh.ts");
    const args = ["janitor", "--watch", "--wallet", network.file("any.json"), "--yes"];
    const env = { ...process.env, PQMESH_PASSWORD: PASSWORD, PQMESH_NETWORK: network.file("network.json") };
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "close");
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => void lines.push(line));
    try {
      await waitUntil("it watches", () => lines.length > 0, 30_000);
      expect(lines).to.deep.equal(["Watching 1 open leases; Ctrl-C ends it."]);
      await goTo((await currentEpoch()) + 23);
      await waitUntil("it has earned", async () => (await market.credit(STRANGER)) === JANITOR_FEE, 30_000);
      await waitUntil("it says so", () => lines.length > 1);
      expect(lines[1]).to.match(/^Closed 1: earned 0\.5 TUSD, [0-9]+ gas, 0x/);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended, "exit code and signal").to.deep.equal([0, null]);
  });

  it("refuses options that exclude each other", async () => {
    const { status, json } = await network.run("janitor", "--watch", "--once", "--wallet", network.file("any.json"));
    expect({ status, ...json() }).to.deep.equal({
      status: 2,
      error: "--watch and --once exclude each other",
      exitCode: 2,
    });
  });

  async function currentEpoch(): Promise<number> {
    const { timestamp } = await network.chain.head();
    return Math.floor((timestamp - network.epochStart(0)) / network.config.epoch.lengthSeconds);
  }
});
