import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { nodeOffencesAbi } from "@pqmesh/contracts/generated/node-offences-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { relayerMaterial } from "../../helpers/test-committee.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { CommitteeRig, EPOCH, LEADER, NODES } from "../committee/committee-rig.ts";
import type { MemberOrder } from "../committee/member-process.ts";

/** Seat of the member that watches, in a process of its own. */
const WATCHER = (LEADER + 1) % 4;
const PATIENCE_MS = 30_000;

describe("ForkWatch", function () {
  this.timeout(90_000);

  let rig: CommitteeRig;
  let directory: string;
  let watcher: ChildProcess;

  const order = async (content: MemberOrder): Promise<void> => {
    const answer = once(watcher, "message");
    watcher.send(content);
    await answer;
  };

  const start = async (): Promise<void> => {
    const { mldsaKey, ...relayer } = rig.relayers[WATCHER]!;
    watcher = fork(join(import.meta.dirname, "../committee/member-process.ts"));
    await order({
      kind: "start",
      config: rig.network.config,
      relayer: { ...relayer, mldsaKey: String(mldsaKey.export({ format: "pem", type: "pkcs8" })) },
      seat: WATCHER,
      material: await relayerMaterial(rig.authority, relayer.address),
      rpcUrl: rig.chain.url,
      directory,
      nodes: NODES,
      watches: true,
    });
  };

  const kill = async (): Promise<void> => {
    const gone = once(watcher, "exit");
    watcher.kill("SIGKILL");
    await gone;
  };

  beforeEach(async () => {
    rig = await CommitteeRig.create();
    directory = mkdtempSync(join(tmpdir(), "fork-watch-"));
    await rig.start([LEADER], { leads: false, standsStill: true });
    await start();
  });

  afterEach(async () => {
    await kill();
    await rig.stop();
    rmSync(directory, { recursive: true });
  });

  const client = () => createPublicClient({ transport: http(rig.chain.url), cacheTime: 0 });
  const contracts = () => rig.network.config.contracts;
  /** Arguments of the events of one name. */
  const nodeEvents = async (eventName: "EvidenceClaimed" | "NodeEquivocated"): Promise<object[]> => {
    const filter = { address: contracts().NodeOffences, abi: nodeOffencesAbi, eventName, fromBlock: 0n };
    return (await client().getContractEvents(filter)).map(({ args }) => args);
  };
  const memberEvents = async (eventName: "EvidenceClaimed" | "MemberConvicted"): Promise<object[]> => {
    const filter = { address: contracts().MemberOffences, abi: memberOffencesAbi, eventName, fromBlock: 0n };
    return (await client().getContractEvents(filter)).map(({ args }) => args);
  };

  const hold = (attestations: readonly MadeAttestation[]) => {
    const sent = attestations.map(({ wire, digest }) => ({ wire: wire.toString("hex"), digest }));
    return order({ kind: "hold", attestations: sent });
  };

  /** An attestation of node 1 for the epoch, and what it says otherwise. */
  const attest = (epoch: bigint, changes: Partial<MadeAttestation["attestation"]>): MadeAttestation => {
    const beacon = rig.member(LEADER).chain.beaconFor(0, EPOCH)!;
    return rig.nodes[1]!.sign({ ...rig.nodes[1]!.statement(Number(epoch)), beacon, ...changes });
  };

  /** Number of the last attestation that the watcher looked at; undefined before the first. */
  function lookedThrough(): number | undefined {
    const db = new DatabaseSync(join(directory, "committee.db"), { readOnly: true });
    const row = db.prepare("SELECT position FROM watch_cursor").get() as { position: number } | undefined;
    db.close();
    return row?.position;
  }

  /** Kills the watcher once its claim is on chain, and starts it again. */
  async function killAfterClaim(claims: () => Promise<unknown[]>): Promise<void> {
    await waitUntil("the evidence is claimed", async () => (await claims()).length === 1, PATIENCE_MS);
    await kill();
    await start();
    await rig.chain.rpc("evm_setIntervalMining", 1);
  }

  it("proves two attestations of one epoch, also when it is killed between claim and proof", async () => {
    await hold([attest(EPOCH, { sequence: 1n }), attest(EPOCH, { sequence: 1n, work: 1n })]);
    await killAfterClaim(() => nodeEvents("EvidenceClaimed"));
    await waitUntil("it is proven", async () => (await nodeEvents("NodeEquivocated")).length === 1, PATIENCE_MS);
    expect((await nodeEvents("NodeEquivocated"))[0]).to.include({ nodeIndex: 1, epoch: EPOCH, otherEpoch: EPOCH });
    expect(await nodeEvents("EvidenceClaimed"), "claims").to.have.length(1);
  });

  it("proves one sequence signed in two epochs", async () => {
    await hold([attest(EPOCH, { sequence: 7n })]);
    await hold([attest(EPOCH + 1n, { sequence: 7n })]);
    await rig.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("it is proven", async () => (await nodeEvents("NodeEquivocated")).length === 1, PATIENCE_MS);
    const [proven] = await nodeEvents("NodeEquivocated");
    expect(proven).to.have.property("nodeIndex", 1);
    expect(proven)
      .to.have.property("epoch")
      .that.does.not.equal((proven as { otherEpoch: bigint }).otherEpoch);
  });

  it("looks at what comes after an older database was restored", async () => {
    await hold(rig.attestAll());
    await hold([attest(EPOCH + 1n, { sequence: 2n })]);
    await waitUntil("all is looked through", () => lookedThrough() === 4, PATIENCE_MS);
    await kill();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(directory, `attestations.db${suffix}`), { force: true });
    await start();
    await hold([attest(EPOCH, { sequence: 1n }), attest(EPOCH, { sequence: 1n, work: 1n })]);
    await rig.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("it is proven", async () => (await nodeEvents("NodeEquivocated")).length === 1, PATIENCE_MS);
  });

  it("says nothing about an honest chain of attestations", async () => {
    await hold([attest(EPOCH, { sequence: 1n })]);
    await hold([attest(EPOCH, { sequence: 1n }), attest(EPOCH + 1n, { sequence: 2n })]);
    await hold([attest(EPOCH + 2n, { sequence: 3n }), attest(EPOCH + 2n, { sequence: 3n, work: 1n })]);
    await rig.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil(
      "a later fork is proven",
      async () => (await nodeEvents("NodeEquivocated")).length > 0,
      PATIENCE_MS,
    );
    expect(await nodeEvents("EvidenceClaimed"), "claims").to.have.length(1);
  });

  it("convicts a leader that signed two reports of one round, also when it is killed before", async () => {
    const leader = rig.member(LEADER);
    const attestations = rig.attestAll();
    await hold(attestations);
    await leader.hold(attestations);
    await rig.goToRound(0);
    const first = await rig.proposalOf(LEADER, 0);
    const second = await rig.proposalOf(LEADER, 0, { beaconDepth: 15n });
    const published = () => leader.chain.committeeAt(EPOCH)?.members[WATCHER]?.endpoint.startsWith("https://127");
    await waitUntil("the watcher can be reached", () => published() === true);
    expect(await rig.propose(LEADER, WATCHER, first), "first report").to.have.property("mldsaSignature");
    expect(await rig.propose(LEADER, WATCHER, second), "second report").to.equal("already-signed");
    await killAfterClaim(() => memberEvents("EvidenceClaimed"));
    await waitUntil("it is convicted", async () => (await memberEvents("MemberConvicted")).length === 1, PATIENCE_MS);
    const [convicted] = await memberEvents("MemberConvicted");
    expect(convicted).to.include({ member: leader.address, kind: 1, isProven: true, epoch: EPOCH });
    const record = { address: contracts().RelayerCommittee, abi: relayerCommitteeAbi } as const;
    const member = await client().readContract({ ...record, functionName: "relayerOf", args: [leader.address] });
    expect(member.isBarred, "barred").to.equal(true);
  });

  it("signs nothing that its leader did not sign", async () => {
    const attestations = rig.attestAll();
    await hold(attestations);
    await rig.member(LEADER).hold(attestations);
    await rig.start([(LEADER + 2) % 4], { leads: false, standsStill: true });
    await rig.goToRound(0);
    const proposal = await rig.proposalOf(LEADER, 0);
    expect(await rig.propose(LEADER, WATCHER, proposal, (LEADER + 2) % 4)).to.equal("bad-leader-signature");
    expect(await rig.propose(LEADER, WATCHER, proposal)).to.have.property("mldsaSignature");
  });
});
