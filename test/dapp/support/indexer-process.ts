import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContractName, NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { waitUntil } from "../../helpers/wait-until.ts";

const root = join(import.meta.dirname, "../../..");
/** Data sources of the subgraph. */
const SOURCES: ContractName[] = [
  "NetworkParameters",
  "NodeRegistry",
  "NodeStaking",
  "RelayerCommittee",
  "AttestationBridge",
  "AttestationDisputes",
  "MemberOffences",
  "SelfAttestation",
  "NodeListings",
  "LeaseEscrow",
  "LeaseDisputes",
  "NodeDelegation",
  "NodeSlashing",
  "SlashProposals",
  "NodeOffences",
  "NodeRewards",
  "CaesarEmissions",
  "TeamVesting",
  "InvestorVesting",
  "CommitteeFees",
  "AdmittedIdentities",
  "CertificateRegistry",
  "QuadraticVotes",
  "QuadraticRound",
  "MeshGovernor",
  "MeshTimelock",
];

/** The real indexer engine as a process that a test can stop and start again on the same port. */
export interface IndexerProcess {
  url: string;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the indexer on a free port with a database of its own. */
export async function startIndexer({ rpcUrl, chainId, contracts, startBlock }: NetworkConfig): Promise<IndexerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-dapp-"));
  const port = await freePort();
  const file = join(folder, "indexer.json");
  const overrides = Object.fromEntries(SOURCES.map((name) => [name, { address: contracts[name], startBlock }]));
  const subgraph = join(root, "indexer/subgraph/build");
  const listen = { host: "127.0.0.1", port };
  const { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers } = contracts;
  const catalog = {
    module: join(root, "indexer/catalog/extension.ts"),
    settings: { contracts: { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers } },
  };
  const database = join(folder, "index.sqlite");
  const settings = { rpcUrls: [rpcUrl], chainId, subgraph, overrides, database, listen, extensions: [catalog] };
  writeFileSync(file, JSON.stringify({ ...settings, log: { level: "error" } }));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const pause = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child!.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  const resume = async (): Promise<void> => {
    const args = [join(root, "indexer/engine/main.ts"), "--config", file];
    child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    const isReady = async (): Promise<boolean> => {
      if (child!.exitCode !== null) throw new Error("the indexer ended before it was ready");
      return fetch(`${url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    await waitUntil("the indexer is ready", isReady, 30_000);
  };
  await resume();
  const stop = async (): Promise<void> => {
    await pause();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, pause, resume, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
