// npm run bench:healing: kills the provider of a lease on a running network, and waits for the client's refund.
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createPublicClient, formatUnits, http, type PublicClient } from "viem";
import { DEVNET_SCHEDULE, PRODUCTION_SCHEDULE } from "../deploy/parameters.ts";
import { horizonEpochs } from "../deploy/windows.ts";
import type { StartStatus } from "../start/status-file.ts";
import { waitFor } from "../start/wait-for.ts";
import { type BenchResult, runBench } from "./harness.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_TIMEOUT_MS = 300_000;
/** Epochs of a public network, for which the same is printed. */
const DEFAULT_EPOCH_SECONDS = PRODUCTION_SCHEDULE.epochSeconds;
/** Epochs that a breach waits longer there until it is final: time to challenge reports and to answer. */
const LONGER_HORIZON = horizonEpochs(PRODUCTION_SCHEDULE.windows) - horizonEpochs(DEVNET_SCHEDULE.windows);
const LIMIT_SECONDS = 180;
const LEASE_ID = 1n;
const [ACTIVE, BREACHED] = (["Active", "Breached"] as const).map((name) => LEASE_STATUSES.indexOf(name));
const [ATTESTED, ABSENT] = (["Attested", "Absent"] as const).map((name) => EPOCH_STATUSES.indexOf(name));

/** The lease that is healed, and how to ask the chain about it. */
class WatchedLease {
  readonly #network: NetworkConfig;
  readonly #client: PublicClient;

  constructor(network: NetworkConfig) {
    this.#network = network;
    this.#client = createPublicClient({ transport: http(network.rpcUrl), cacheTime: 0 });
  }

  /** The lease once it is there. */
  async read() {
    const { LeaseEscrow: address, NodeListings: listings } = this.#network.contracts;
    const escrow = { address, abi: leaseEscrowAbi } as const;
    const [lease] = await this.#client.readContract({ ...escrow, functionName: "leaseOf", args: [LEASE_ID] });
    const of = [lease.listingId, lease.version] as const;
    const terms = { address: listings, abi: nodeListingsAbi, functionName: "termsOf", args: of } as const;
    const listing = { address: listings, abi: nodeListingsAbi, functionName: "listingOf", args: [of[0]] } as const;
    const { maxMissedRun, token } = await this.#client.readContract(terms);
    const { nodeIndex } = await this.#client.readContract(listing);
    return { ...lease, maxMissedRun, token, nodeIndex };
  }

  async statusOf(node: number, epoch: bigint): Promise<number> {
    const address = this.#network.contracts.AttestationBridge;
    const call = { address, abi: attestationBridgeAbi, functionName: "statusOf", args: [node, epoch] } as const;
    return this.#client.readContract(call);
  }

  currentEpoch(): Promise<bigint> {
    const address = this.#network.contracts.AttestationBridge;
    return this.#client.readContract({ address, abi: attestationBridgeAbi, functionName: "currentEpoch" });
  }

  /** What the client can withdraw. */
  async credit(): Promise<bigint> {
    const { token, client } = await this.read();
    const address = this.#network.contracts.LeaseEscrow;
    const call = { address, abi: leaseEscrowAbi, functionName: "creditOf", args: [token, client] } as const;
    return this.#client.readContract(call);
  }

  /** What the client got when the lease was closed. */
  async refund(): Promise<{ toClient: bigint; bond: bigint }> {
    const address = this.#network.contracts.LeaseEscrow;
    const events = { address, abi: leaseEscrowAbi, eventName: "LeaseClosed", args: { leaseId: LEASE_ID } } as const;
    const [closed] = await this.#client.getContractEvents({ ...events, fromBlock: 0n });
    return { toClient: closed?.args.toClient ?? 0n, bond: closed?.args.bond ?? 0n };
  }
}

interface Healing {
  detectSeconds: number;
  refundSeconds: number;
  epochSeconds: number;
  missedRun: number;
  refund: { toClient: bigint; bond: bigint };
}

async function heal(lease: WatchedLease, pidOf: (role: string) => number, epochSeconds: number): Promise<Healing> {
  const patience = { timeoutMs: 60 * epochSeconds * 1_000, everyMs: 200 };
  await waitFor(
    "a lease that pays",
    async () => {
      const { status, start, nodeIndex } = await lease.read();
      if (status !== ACTIVE) return undefined;
      return (await lease.statusOf(nodeIndex, BigInt(start))) === ATTESTED ? true : undefined;
    },
    patience,
  );
  const { nodeIndex, maxMissedRun } = await lease.read();
  const before = await lease.credit();
  const first = await lease.currentEpoch();
  const killedAt = performance.now();
  process.kill(pidOf(`agent-${nodeIndex}`), "SIGKILL");
  const since = (): number => Math.round((performance.now() - killedAt) / 100) / 10;
  await waitFor(
    "reports that show the breach",
    () => hasRun(lease, nodeIndex, { first, length: maxMissedRun }),
    patience,
  );
  const detectSeconds = since();
  await waitFor(
    "the refund",
    async () => ((await lease.read()).status === BREACHED && (await lease.credit()) > before ? true : undefined),
    patience,
  );
  const refundSeconds = since();
  return { detectSeconds, refundSeconds, epochSeconds, missedRun: maxMissedRun, refund: await lease.refund() };
}

/** True once reports show as many absences in a row as break the terms; the epoch of the kill may still be attested. */
async function hasRun(
  lease: WatchedLease,
  nodeIndex: number,
  { first, length }: { first: bigint; length: number },
): Promise<true | undefined> {
  let run = 0;
  for (let epoch = first; epoch < (await lease.currentEpoch()); epoch++) {
    run = (await lease.statusOf(nodeIndex, epoch)) === ABSENT ? run + 1 : 0;
    if (run === length) return true;
  }
  return undefined;
}

function result({ detectSeconds, refundSeconds, epochSeconds, missedRun, refund }: Healing): BenchResult {
  const atDefault = (seconds: number): number => Math.round((seconds / epochSeconds) * DEFAULT_EPOCH_SECONDS);
  const inPublic = atDefault(refundSeconds) + LONGER_HORIZON * DEFAULT_EPOCH_SECONDS;
  const limit = { limit: `< ${LIMIT_SECONDS}`, ok: refundSeconds < LIMIT_SECONDS };
  const isShort = epochSeconds <= 10;
  return {
    rows: [
      { label: `provider killed → ${missedRun} absences in a row reported`, value: detectSeconds, unit: "s" },
      {
        label: "provider killed → lease closed, refund credited",
        value: refundSeconds,
        unit: "s",
        ...(isShort && limit),
      },
      { label: "in proportion at epochs of 60 s: reported", value: atDefault(detectSeconds), unit: "s" },
      { label: "in proportion at epochs of 60 s: refunded", value: atDefault(refundSeconds), unit: "s" },
      { label: "the same with the windows of a public network: refunded", value: inPublic, unit: "s" },
    ],
    metrics: {
      detect_seconds: detectSeconds,
      refund_seconds: refundSeconds,
      refund_seconds_at_60s_epochs: atDefault(refundSeconds),
      refund_seconds_public_network: inPublic,
    },
    notes: [
      `Epochs of ${epochSeconds} s. Credited: ${formatUnits(refund.toClient, 6)} test dollars, ${formatUnits(refund.bond, 6)} of them the provider's bond.`,
      "Nobody sends anything: the Janitor in the relayers closes the lease as soon as the epoch that broke its terms is final.",
      "--epoch 60 measures what is computed here in proportion; it takes half an hour.",
      `A public network leaves ${horizonEpochs(PRODUCTION_SCHEDULE.windows)} epochs to report, challenge and answer before anything is final for money, a devnet ${horizonEpochs(DEVNET_SCHEDULE.windows)}.`,
    ],
  };
}

async function measure(epochSeconds: number): Promise<BenchResult> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "pqmesh-healing-"));
  const statusFile = path.join(dir, "status.json");
  const child = startNetwork(dir, statusFile, epochSeconds);
  try {
    const status = (): StartStatus | undefined =>
      existsSync(statusFile) ? (JSON.parse(readFileSync(statusFile, "utf8")) as StartStatus) : undefined;
    const ready = () => {
      if (child.exitCode !== null) throw new Error("the network did not start");
      return Promise.resolve(status()?.state === "ready" ? true : undefined);
    };
    await waitFor("the network", ready, { timeoutMs: READY_TIMEOUT_MS });
    const network = parseNetworkConfig(JSON.parse(readFileSync(path.join(dir, "data/network.json"), "utf8")));
    const pidOf = (role: string): number => {
      const pid = status()?.pids[role];
      if (pid === undefined) throw new Error(`${role} does not run`);
      return pid;
    };
    return result(await heal(new WatchedLease(network), pidOf, epochSeconds));
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGINT")) await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

function startNetwork(dir: string, statusFile: string, epochSeconds: number): ChildProcess {
  const size = ["--nodes", "4", "--no-dapp", "--epoch", String(epochSeconds)];
  const files = ["--data", path.join(dir, "data"), "--json-status", statusFile];
  const args = [path.join(ROOT, "scripts/start.ts"), ...size, ...files];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
}

await runBench({
  name: "healing",
  title: "A provider dies: time until its client has the money back, with nobody clicking",
  options: { epoch: { type: "string", default: "10", description: "seconds of an epoch" } },
  run: ({ epoch }) => measure(Number(epoch)),
});
