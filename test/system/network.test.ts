import { type ChildProcess, spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { expect } from "chai";
import { createPublicClient, http, type PublicClient } from "viem";
import { eventually, isAlive, portArguments, StartedNetwork } from "./devnet.ts";
import { PqmeshFiles } from "./pqmesh-files.ts";

const [ATTESTED, ABSENT] = (["Attested", "Absent"] as const).map((name) => EPOCH_STATUSES.indexOf(name));
const NODES = 5;
const EPOCH_SECONDS = 6;
const READY_MS = 150_000;

interface LiveNode {
  nodeIndex: number;
  state: string;
}

describe("the whole network", function () {
  this.timeout(240_000);
  const network = new StartedNetwork();
  const person = new PqmeshFiles(network);
  const revived: ChildProcess[] = [];
  let client: PublicClient;

  before("start", async () => {
    const size = ["--nodes", String(NODES), "--operators", "2", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
    network.start([...size, "--no-dapp", ...portArguments(23_000)]);
    await network.untilReady(READY_MS);
    client = createPublicClient({ transport: http(network.network().rpcUrl) });
    await eventually("first report", async () => ((await reports()).length > 0 ? true : undefined), 90_000);
  });

  after("stop", async () => {
    for (const child of revived) child.kill("SIGTERM");
    await network.dispose();
  });

  async function reports() {
    const { contracts, startBlock } = network.network();
    const logs = await client.getContractEvents({
      address: contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      eventName: "ReportAccepted",
      fromBlock: BigInt(startBlock),
    });
    return logs.map(({ args }) => args);
  }

  async function liveState(nodeIndex: number): Promise<string | undefined> {
    const states = await Promise.all(
      network.network().relayers.map(async ({ url }) => {
        const { nodes } = (await (await fetch(`${url}/v1/nodes`)).json()) as { nodes: LiveNode[] };
        return nodes.find((node) => node.nodeIndex === nodeIndex)?.state;
      }),
    );
    return states.includes("live") ? "live" : states.find((state) => state === "silent");
  }

  function currentEpoch(): Promise<bigint> {
    const address = network.network().contracts.AttestationBridge;
    return client.readContract({ address, abi: attestationBridgeAbi, functionName: "currentEpoch" });
  }

  function statusOf(nodeIndex: number, epoch: bigint): Promise<number> {
    const address = network.network().contracts.AttestationBridge;
    return client.readContract({
      address,
      abi: attestationBridgeAbi,
      functionName: "statusOf",
      args: [nodeIndex, epoch],
    });
  }

  async function reportAfter(epoch: bigint, timeoutMs: number) {
    return eventually(
      `report after epoch ${epoch}`,
      async () => (await reports()).find((r) => r.epoch! > epoch),
      timeoutMs,
    );
  }

  it("reports every node of the shard as attested once every agent ran for a whole epoch", async () => {
    const nodes = Array.from({ length: NODES }, (_, nodeIndex) => nodeIndex);
    const allAttested = async () => {
      for (const { epoch } of await reports()) {
        const statuses = await Promise.all(nodes.map((nodeIndex) => statusOf(nodeIndex, epoch!)));
        if (statuses.every((status) => status === ATTESTED)) return true;
      }
      return undefined;
    };
    await eventually("a report in which every node attested", allAttested, 90_000);
  });

  it("lets anyone verify an attestation from the command line", async () => {
    const newest = (await reports()).at(-1)!;
    const args = [
      "attestation",
      "verify",
      "0",
      String(newest.epoch),
      "--json",
      "--network",
      path.join(network.dir, "data/network.json"),
    ];
    const { stdout, status } = spawnSync(process.execPath, ["relayer/cli/pqmesh.ts", ...args], { encoding: "utf8" });
    expect(JSON.parse(stdout), "verdict").to.deep.include({ holds: true, nodeIndex: 0 });
    expect(status, "exit code").to.equal(0);
  });

  it("shows a killed agent silent, then absent, then back", async () => {
    process.kill(network.pid("agent-1"), "SIGKILL");
    const [killedIn, newest] = [await currentEpoch(), (await reports()).at(-1)!.epoch!];
    await eventually("silent", async () => ((await liveState(1)) === "silent" ? true : undefined), 20_000);
    const missed = await eventually(
      "absent on chain",
      async () => {
        const newer = (await reports()).filter(({ epoch }) => epoch! > newest);
        for (const { epoch } of newer) if ((await statusOf(1, epoch!)) === ABSENT) return epoch;
        return undefined;
      },
      4 * EPOCH_SECONDS * 1_000,
    );
    expect(missed <= killedIn + 1n, `absent in epoch ${missed}, killed in ${killedIn}`).to.equal(true);
    revived.push(network.revive("agent", 1));
    await eventually("live again", async () => ((await liveState(1)) === "live" ? true : undefined), 30_000);
    await eventually(
      "attested again",
      async () => {
        const last = (await reports()).at(-1)!.epoch!;
        return last > missed && (await statusOf(1, last)) === ATTESTED ? true : undefined;
      },
      6 * EPOCH_SECONDS * 1_000,
    );
  });

  it("refuses a second agent in the folder of a running one", async () => {
    const config = path.join(network.dir, "data/agents/0/agent.json");
    const { status, result } = await person.run("agent", "run", "--config", config);
    expect(result.error).to.match(/is in use by process \d+ \(agent of node 0\).*stop it or use another directory/);
    expect([status, result.exitCode], "exit code").to.deep.equal([1, 1]);
  });

  it("recovers an agent that was restored from an old backup", async () => {
    const folder = path.join(network.dir, "data/agents/2");
    const [config, journal, backup] = ["agent.json", "data", "backup"].map((name) => path.join(folder, name));
    const attestedSince = (epoch: bigint) =>
      eventually(
        `node 2 attested after epoch ${epoch}`,
        async () => {
          const later = (await reports()).filter((report) => report.epoch! > epoch);
          for (const report of later) if ((await statusOf(2, report.epoch!)) === ATTESTED) return report.epoch;
          return undefined;
        },
        10 * EPOCH_SECONDS * 1_000,
      );
    const kill = async (pid: number): Promise<void> => {
      process.kill(pid, "SIGKILL");
      await eventually("the agent is gone", () => (isAlive(pid) ? undefined : true), 5_000);
    };
    await kill(network.pid("agent-2"));
    cpSync(journal!, backup!, { recursive: true });
    const agent = network.revive("agent", 2);
    await attestedSince(await currentEpoch());
    await kill(agent.pid!);
    const killedIn = await currentEpoch();
    rmSync(journal!, { recursive: true });
    cpSync(backup!, journal!, { recursive: true });
    const recover = ["agent", "recover", "--config", config!];
    const found = await person.ok(...recover, "--dry-run");
    expect(found, "dry run").to.include({ nodeIndex: 2, changed: false });
    expect(Number(found.networkSequence), "newest at the relayers").to.be.greaterThan(Number(found.localSequence));
    expect(await person.ok(...recover, "--yes")).to.include({ changed: true, networkSequence: found.networkSequence });
    const again = await person.ok(...recover, "--yes");
    expect(again, "a second time").to.include({ changed: false, localSequence: found.networkSequence });
    revived.push(network.revive("agent", 2));
    await attestedSince(killedIn + 1n);
  });

  it("goes on reporting when a relayer is killed", async () => {
    process.kill(network.pid("relayer-2"), "SIGKILL");
    const before = (await reports()).at(-1)!.epoch!;
    await reportAfter(before + 3n, 8 * EPOCH_SECONDS * 1_000);
    revived.push(network.revive("relayer", 2));
  });

  it("accepts exactly one report per epoch, without a gap", async () => {
    const epochs = (await reports()).map(({ epoch }) => epoch!);
    expect(new Set(epochs).size, "distinct epochs").to.equal(epochs.length);
    expect(epochs.at(-1)! - epochs[0]! + 1n, "length of the run").to.equal(BigInt(epochs.length));
  });

  it("shows the indexer the same reports as the chain", async () => {
    const onChain = await reports();
    const answer = await eventually(
      "indexer at the newest report",
      async () => {
        const body = JSON.stringify({ query: "{ reports(first: 1000, orderBy: epoch) { epoch root digest } }" });
        const headers = { "content-type": "application/json" };
        const response = await fetch(`${network.network().indexerUrl}/graphql`, { method: "POST", headers, body });
        const { data } = (await response.json()) as {
          data: { reports: { epoch: string; root: string; digest: string }[] };
        };
        return data.reports.length >= onChain.length ? data.reports : undefined;
      },
      20_000,
    );
    const expected = onChain.map(({ epoch, root, digest }) => ({ epoch: String(epoch), root, digest }));
    expect(answer.slice(0, expected.length)).to.deep.equal(expected);
  });

  it("keeps a locked operator's stake from whoever has its wallets", async () => {
    const [owner, stranger] = [await person.wallet("owner.json", "holder"), await person.wallet("any.json", "client")];
    const [root, node] = [person.file("root.json"), person.file("node.json")];
    const { publicKey } = await person.ok("key", "create", "--purpose", "root", "--out", root);
    await person.ok("key", "check", root);
    await person.ok(
      "key",
      "create",
      "--purpose",
      "attestation",
      "--out",
      node,
      "--public-out",
      person.file("node.pub"),
    );
    const byOwner = ["--wallet", owner, "--yes"];
    await person.ok("operator", "register", "--root-key", String(publicKey), ...byOwner);
    await person.ok("operator", "register-node", "--key", person.file("node.pub"), ...byOwner);
    await person.ok("stake", "add", String(NODES), "20000", ...byOwner);
    const { identityId } = await person.ok("node", "show", String(NODES));

    /** Request file, signature file, and any wallet that sends it. */
    const order = async (name: string, ...prepare: string[]): Promise<void> => {
      const [request, signed] = [person.file(`${name}.json`), person.file(`${name}-signed.json`)];
      await person.ok(...prepare, "--out", request);
      await person.ok("key", "sign", "--request", request, "--keystore", root, "--out", signed, "--yes");
      await person.ok("root-order", "submit", "--signed", signed, "--wallet", stranger, "--yes");
    };
    await order("lock", "lock", "set", String(identityId));
    expect(await person.ok("lock", "show", String(identityId))).to.deep.include({ locked: true, nonce: 1 });
    const refused = await person.run("stake", "unbond", String(NODES), "all", ...byOwner);
    expect(refused.result.error).to.include("is quantum-locked: only its root key can do this");
    await order("unbond", "root-order", "prepare", "unbond", String(NODES), "5000");
    const { bonded } = await person.ok("stake", "show", String(NODES));
    expect(bonded, "stake left").to.equal(String(15_000n * 10n ** 18n));
    await order("exit", "root-order", "prepare", "exit-node", String(NODES));
  });

  it("refuses a second start on the same ports in one sentence", async () => {
    const second = new StartedNetwork();
    second.start(["--no-dapp", ...portArguments(23_000)]);
    expect(await second.exited, "exit code").to.equal(1);
    expect(second.output).to.match(/port 23000 \(chain\) is in use on 127\.0\.0\.1/);
    await second.dispose();
  });

  it("ends every process it started on Ctrl-C, and none other", async () => {
    const pids = Object.values(network.status()!.pids);
    expect(pids.length, "processes").to.be.greaterThan(NODES);
    const revivedPid = revived[0]!.pid!;
    expect(await network.interrupt(), "exit code").to.equal(0);
    expect(pids.filter(isAlive), "left over").to.deep.equal([]);
    expect(isAlive(revivedPid), "process of somebody else").to.equal(true);
  });
});
