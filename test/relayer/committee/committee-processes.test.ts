import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { pino } from "pino";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { type RpcProxy, startRpcProxy } from "../../helpers/rpc-proxy.ts";
import { relayerMaterial } from "../../helpers/test-committee.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { CommitteeRig, EPOCH, LEADER, NODES } from "./committee-rig.ts";
import type { MemberAnswer, MemberOrder } from "./member-process.ts";

const SEATS = [0, 1, 2, 3];

describe("a committee of four processes", function () {
  this.timeout(90_000);

  let rig: CommitteeRig;
  let proxy: RpcProxy;
  let view: ChainFollower;
  let directory: string;
  const processes = new Map<number, ChildProcess>();

  /** Gives an order and waits for the answer. */
  const order = async (seat: number, content: MemberOrder) => {
    const child = processes.get(seat)!;
    const answer = once(child, "message") as Promise<[MemberAnswer]>;
    child.send(content);
    return (await answer)[0];
  };

  const start = async (seat: number) => {
    const { mldsaKey, ...relayer } = rig.relayers[seat]!;
    processes.set(seat, fork(join(import.meta.dirname, "member-process.ts")));
    await order(seat, {
      kind: "start",
      config: rig.network.config,
      relayer: { ...relayer, mldsaKey: String(mldsaKey.export({ format: "pem", type: "pkcs8" })) },
      seat,
      material: await relayerMaterial(rig.authority, relayer.address),
      rpcUrl: seat === LEADER ? proxy.url : rig.chain.url,
      directory: join(directory, `seat-${seat}`),
      nodes: NODES,
    });
  };

  const kill = async (seat: number) => {
    const child = processes.get(seat)!;
    processes.delete(seat);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };

  beforeEach(async () => {
    rig = await CommitteeRig.create();
    proxy = await startRpcProxy(rig.chain.url);
    directory = mkdtempSync(join(tmpdir(), "committee-"));
    const log = pino({ level: "silent" });
    view = await followChain({ rpcUrls: [rig.chain.url], network: rig.network.config, log, pollMs: 25 });
    await Promise.all(SEATS.map(start));
  });

  afterEach(async () => {
    await Promise.all([...processes.keys()].map(kill));
    await view.stop();
    await proxy.stop();
    await rig.stop();
    rmSync(directory, { recursive: true });
  });

  it("ends with one report when the leader is killed between signing and sending", async () => {
    const attestations = rig.attestAll(view.beaconFor(0, EPOCH)).map(({ wire, digest }) => {
      return { wire: wire.toString("hex"), digest };
    });
    for (const seat of SEATS) await order(seat, { kind: "hold", attestations });
    let killed: Promise<void> | undefined;
    proxy.refusals.set("eth_sendRawTransaction", () => {
      killed ??= kill(LEADER);
      return "the process was killed";
    });
    await rig.chain.mineAt(rig.network.epochStart(EPOCH + 1n));
    await waitUntil("the leader is killed", () => killed !== undefined, 15_000);
    await killed;
    expect(signedTransactions(), "transactions signed before the kill").to.equal(1);
    proxy.refusals.clear();
    await start(LEADER);
    await waitUntil("the epoch is reported", () => view.acceptedReport(0, EPOCH) !== undefined, 30_000);
    await rig.chain.mine(13);
    await waitUntil("the outbox is empty", () => openEntries() === 0, 15_000);
    const address = rig.network.config.contracts.AttestationBridge;
    const logs = await rig.chain.rpc<{ topics: string[] }[]>("eth_getLogs", { address, fromBlock: "0x0" });
    expect(logs.filter(({ topics }) => BigInt(topics[1] ?? 0) === EPOCH).length, "reports of the epoch").to.equal(1);
    for (const seat of SEATS) {
      const { records } = await order(seat, { kind: "describe" });
      const rounds = records.filter(({ epoch }) => epoch === `${EPOCH}`).map(({ round }) => round);
      expect(new Set(rounds).size, "one digest for each round signed").to.equal(rounds.length);
      expect(rounds, "rounds signed").to.include(0);
    }
  });

  function ask(sql: string): number {
    const db = new DatabaseSync(join(directory, `seat-${LEADER}`, "committee.db"), { readOnly: true });
    const row = db.prepare(sql).get() as { count: number };
    db.close();
    return row.count;
  }

  function signedTransactions(): number {
    return ask("SELECT count(*) AS count FROM outbox_transaction");
  }

  function openEntries(): number {
    return ask("SELECT count(*) AS count FROM outbox_entry WHERE state = 'open'");
  }
});
