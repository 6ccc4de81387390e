import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decodeIndexList, hashReport } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { zeroHash } from "viem";
import { PeerClient } from "../../../relayer/src/committee/peer-client.ts";
import { verifyMlDsa65 } from "../../../relayer/src/keystore/verify-ml-dsa-65.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { startRpcProxy, type RpcProxy } from "../../helpers/rpc-proxy.ts";
import { copyDisk, deleteDisk } from "../../helpers/test-committee.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { CommitteeRig, EPOCH, LEADER, NEXT_LEADER } from "./committee-rig.ts";

const OTHERS = [0, 1, 2, 3].filter((seat) => seat !== LEADER);

describe("createCommittee", function () {
  this.timeout(90_000);

  let rig: CommitteeRig;

  beforeEach(async () => {
    rig = await CommitteeRig.create();
  });
  afterEach(() => rig.stop());

  const reportSeenBy = (seat: number) => rig.member(seat).chain.acceptedReport(0, EPOCH)!;

  /** What a member's protection log has for the epoch, by round. */
  const signedBy = (seat: number) => {
    const { records } = rig.member(seat).committee.protection.export();
    return records.filter(({ epoch }) => epoch === EPOCH.toString()).map(({ round, digest }) => ({ round, digest }));
  };

  /** Reports of the epoch on the whole chain. */
  const acceptedReports = async () => {
    const address = rig.network.config.contracts.AttestationBridge;
    const logs = await rig.chain.rpc<{ topics: string[] }[]>("eth_getLogs", { address, fromBlock: "0x0" });
    return logs.filter(({ topics }) => topics.length === 4 && BigInt(topics[1]!) === EPOCH).length;
  };

  describe("when all members are honest", () => {
    it("reports an epoch in round 0", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll().slice(0, 2));
      await rig.goToRound(0);
      await rig.reported();
      const report = reportSeenBy(0);
      expect(report.round, "round").to.equal(0);
      expect(report.signers, "signers").to.equal(15n);
      expect(report.submitter, "submitter").to.equal(rig.member(LEADER).address);
      expect(decodeIndexList(report.absent), "absent").to.deep.equal([2]);
      expect(report.quality, "quality").to.equal("0xffff00");
      expect(OTHERS.map(signedBy)).to.deep.equal(OTHERS.map(() => [{ round: 0, digest: report.digest }]));
    });

    it("reports nodes that each attested to one member only", async () => {
      await rig.start();
      const attestations = rig.attestAll();
      for (const [i, seat] of OTHERS.entries()) await rig.member(seat).hold([attestations[i]!]);
      await rig.goToRound(0);
      await rig.reported();
      expect(reportSeenBy(0).absent, "absent").to.equal("0x");
      for (const { store } of rig.members.values()) {
        expect(store.leavesOf(EPOCH, 0).length, "leaves held by each member").to.equal(3);
      }
    });

    it("lists a node with poor heartbeats as degraded", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      for (const member of rig.members.values()) member.heartbeats[1]!.received = 5;
      await rig.goToRound(0);
      await rig.reported();
      expect(decodeIndexList(reportSeenBy(0).degraded), "degraded").to.deep.equal([1]);
      expect(reportSeenBy(0).quality, "quality").to.equal("0xff7fff");
    });

    it("takes the median when one member lost a node's session", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      rig.member(LEADER).heartbeats[1]!.received = 1;
      await rig.goToRound(0);
      await rig.reported();
      expect(reportSeenBy(0).round, "round").to.equal(0);
      expect(reportSeenBy(0).degraded, "degraded").to.equal("0x");
    });

    it("agrees although a node signed two statements for the epoch", async () => {
      await rig.start();
      const rival = rig.nodes[0]!.sign({ ...rig.nodes[0]!.statement(Number(EPOCH)), beacon: beaconSeen(), work: 1n });
      const attestations = rig.attestAll();
      await rig.holdEverywhere(attestations.slice(1));
      for (const seat of [0, 1]) await rig.member(seat).hold([attestations[0]!]);
      for (const seat of [2, 3]) await rig.member(seat).hold([rival]);
      await rig.goToRound(0);
      await rig.reported();
      expect(reportSeenBy(0).round, "round").to.equal(0);
      expect(reportSeenBy(0).absent, "absent").to.equal("0x");
    });

    it("spreads both kinds of signatures to every member", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      await rig.reported();
      const { digest } = reportSeenBy(0);
      for (const { committee, chain } of rig.members.values()) {
        await waitUntil("all signatures are held", () => committee.reportOf(EPOCH, 0)?.signatures.length === 4);
        for (const { seat, mldsa } of committee.reportOf(EPOCH, 0)!.signatures) {
          const key = chain.committeeAt(EPOCH)!.members[seat]!.mldsaKey;
          const isValid = verifyMlDsa65(key, bytesOf(digest), bytesOf(mldsa));
          expect(isValid, `ML-DSA signature of seat ${seat}`).to.equal(true);
        }
      }
    });
  });

  describe("when a member fails", () => {
    it("reports without the signature of a silent member", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      const silent = OTHERS[0]!;
      rig.member(silent).silent = true;
      await rig.goToRound(0);
      await rig.reported();
      expect(reportSeenBy(0).round, "round").to.equal(0);
      expect(reportSeenBy(0).signers, "signers").to.equal(15n ^ (1n << BigInt(silent)));
      rig.member(silent).silent = false;
    });

    it("goes on in round 1 when the leader of round 0 is dead", async () => {
      await rig.start(OTHERS);
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      await rig.goToRound(1);
      await rig.reported();
      expect(reportSeenBy(OTHERS[0]!).round, "round").to.equal(1);
      expect(reportSeenBy(OTHERS[0]!).submitter, "submitter").to.equal(rig.member(NEXT_LEADER).address);
      expect(
        OTHERS.map(signedBy)
          .flat()
          .map(({ round }) => round),
        "rounds signed",
      ).to.deep.equal([1, 1, 1]);
    });

    it("goes on in round 1 when the leader dies with the signatures in its hand", async () => {
      await rig.start(OTHERS);
      const proxy = await startRpcProxy(rig.chain.url);
      proxy.refusals.set("eth_estimateGas", () => "the leader dies here");
      await rig.start([LEADER], { rpcUrl: proxy.url });
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      await waitUntil("all signed", () => OTHERS.every((seat) => signedBy(seat).length === 1));
      await stopMember(LEADER);
      await proxy.stop();
      await rig.goToRound(1);
      await rig.reported();
      expect(reportSeenBy(OTHERS[0]!).round, "round").to.equal(1);
      for (const seat of OTHERS)
        expect(
          signedBy(seat).map(({ round }) => round),
          "rounds",
        ).to.deep.equal([0, 1]);
      expect(await acceptedReports(), "reports on chain").to.equal(1);
    });

    it("goes on when the endpoint of every member comes back", async () => {
      const proxies: RpcProxy[] = [];
      for (const seat of [0, 1, 2, 3]) {
        const proxy = await startRpcProxy(rig.chain.url);
        proxies.push(proxy);
        await rig.start([seat], { rpcUrl: proxy.url });
      }
      await rig.holdEverywhere(rig.attestAll());
      for (const proxy of proxies) proxy.mode = "refuse";
      await waitUntil("the outage is noticed", () =>
        [...rig.members.values()].every(({ chain }) => !chain.health().ok),
      );
      await rig.chain.mineAt(rig.network.epochStart(EPOCH + 1n));
      for (const proxy of proxies) proxy.mode = "pass";
      await rig.reported();
      expect(await acceptedReports(), "reports on chain").to.equal(1);
      await Promise.all([...rig.members.values()].map((member) => member.stop()));
      rig.members.clear();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    });

    for (const depth of [1, 5, 12]) {
      it(`ends with one report after a reorg of ${depth} dropped it`, async () => {
        await rig.start();
        await rig.holdEverywhere(rig.attestAll());
        await rig.goToRound(0);
        await rig.reported();
        const dropped = new Promise((resolve) => rig.member(0).chain.events.once("reportDropped", resolve));
        await rig.chain.mine(depth - 1);
        await rig.chain.reorg(depth);
        await dropped;
        await rig.reported();
        await rig.chain.mine(13);
        await rig.reported();
        expect(await acceptedReports(), "reports on chain").to.equal(1);
        for (const seat of [0, 1, 2, 3]) {
          const rounds = signedBy(seat).map(({ round }) => round);
          expect(new Set(rounds).size, "one digest for each round signed").to.equal(rounds.length);
        }
      });
    }
  });

  describe("when the leader is dishonest", () => {
    beforeEach(async () => {
      await rig.start(OTHERS, { standsStill: true });
      await rig.start([LEADER], { leads: false, standsStill: true });
    });

    const nextRoundReports = async () => {
      await rig.goToRound(1);
      await rig.reported(60_000);
      expect(reportSeenBy(LEADER).round, "the round of the next leader").to.equal(1);
      expect(await acceptedReports(), "reports on chain").to.equal(1);
    };

    it("never signs two reports of one round", async () => {
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      const first = await rig.proposalOf(LEADER, 0);
      const second = await rig.proposalOf(LEADER, 0, { beaconDepth: 15n });
      expect(first.report.beacon, "beacons of the two reports").not.to.equal(second.report.beacon);
      const [a, b, c] = OTHERS as [number, number, number];
      const answer = await rig.propose(LEADER, a, first);
      expect(answer, "first report to the first half").to.have.property("mldsaSignature");
      expect(await rig.propose(LEADER, b, second), "second report to the other half").to.have.property(
        "mldsaSignature",
      );
      expect(await rig.propose(LEADER, a, second), "second report to the first half").to.equal("already-signed");
      expect(await rig.propose(LEADER, b, first), "first report to the other half").to.equal("already-signed");
      expect(await rig.propose(LEADER, a, first), "the same report again").to.deep.equal(answer);
      const digest = hashReport({ chainId: 31_337, bridge: rig.member(a).chain.bridge }, first.report);
      expect(signedBy(a), "protection log of a member").to.deep.equal([{ round: 0, digest }]);
      expect(signedBy(c), "protection log of a member not asked").to.deep.equal([]);
      await nextRoundReports();
    });

    it("does not sign a report with one bad leaf", async () => {
      const attestations = rig.attestAll();
      const forged = withFlippedBit(attestations[1]!);
      for (const seat of OTHERS) await rig.member(seat).hold([attestations[0]!, attestations[2]!]);
      await rig.member(LEADER).hold([attestations[0]!, forged, attestations[2]!]);
      await rig.goToRound(0);
      const proposal = await rig.proposalOf(LEADER, 0);
      expect(proposal.leaves.length, "leaves proposed").to.equal(3);
      for (const seat of OTHERS) expect(await rig.propose(LEADER, seat, proposal)).to.equal("bad-leaf");
      expect(OTHERS.flatMap(signedBy), "signatures").to.deep.equal([]);
      await nextRoundReports();
      expect(decodeIndexList(reportSeenBy(LEADER).absent), "absent").to.deep.equal([1]);
      expect(rig.member(OTHERS[0]!).store.leavesOf(EPOCH, 0).length, "leaves stored").to.equal(2);
    });

    it("does not sign a report that leaves out a node it has heard", async () => {
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      const proposal = await rig.proposalOf(LEADER, 0, { leaveOut: [1] });
      for (const seat of OTHERS) expect(await rig.propose(LEADER, seat, proposal)).to.equal("wrong-absent");
      await nextRoundReports();
      expect(reportSeenBy(LEADER).absent, "absent").to.equal("0x");
    });

    it("does not sign a quality that nobody saw", async () => {
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      const proposal = await rig.proposalOf(LEADER, 0, { quality: new Map([[1, 100]]) });
      for (const seat of OTHERS) expect(await rig.propose(LEADER, seat, proposal)).to.equal("wrong-quality");
      await nextRoundReports();
      expect(reportSeenBy(LEADER).degraded, "degraded").to.equal("0x");
    });

    it("does not sign what is not computed from the leaves, or not on its chain", async () => {
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      const to = OTHERS[0]!;
      const ask = async (report: Parameters<CommitteeRig["proposalOf"]>[2]) => {
        return rig.propose(LEADER, to, await rig.proposalOf(LEADER, 0, report));
      };
      expect(await ask({ report: { root: zeroHash } }), "another root").to.equal("wrong-root");
      expect(await ask({ report: { degraded: "0x0001" } }), "a degraded node").to.equal("wrong-degraded");
      expect(await ask({ report: { beacon: zeroHash } }), "a beacon of no block").to.equal("wrong-beacon");
      expect(await ask({ beaconDepth: 11n }), "a young beacon").to.equal("wrong-beacon");
      expect(await ask({}), "an honest report after so many others").to.equal("too-many-proposals");
    });

    it("keeps nothing of shards that have no nodes, and no more of a round than it counts", async () => {
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      const to = OTHERS[0]!;
      const honest = await rig.proposalOf(LEADER, 0);
      const inShard = (shard: number) => ({ ...honest, report: { ...honest.report, shard } });
      for (const shard of [4, 8, 4_294_967_292]) {
        expect(await rig.propose(LEADER, to, inShard(shard)), `shard ${shard}`).to.equal("unknown-shard");
      }
      expect(statementsOf(to), "statements kept").to.equal(0);
      const unsigned = { ...honest, report: { ...honest.report, root: zeroHash } };
      for (let i = 0; i < 4; i++) {
        expect(await rig.propose(LEADER, to, unsigned, OTHERS[1])).to.equal("bad-leader-signature");
      }
      expect(await rig.propose(LEADER, to, honest), "one more").to.equal("too-many-proposals");
      expect(statementsOf(to), "statements kept").to.equal(0);
    });

    it("does not sign a report of a member that does not lead the round, or too early", async () => {
      await rig.holdEverywhere(rig.attestAll());
      const early = await rig.proposalOf(LEADER, 0);
      expect(await rig.propose(LEADER, OTHERS[0]!, early), "before the epoch is over").to.equal("round-not-begun");
      await rig.goToRound(0);
      const next = await rig.proposalOf(LEADER, 4);
      expect(await rig.propose(LEADER, OTHERS[0]!, next), "a later round").to.equal("round-not-begun");
      const foreign = await rig.proposalOf(LEADER, 1);
      expect(await rig.propose(LEADER, OTHERS[0]!, foreign), "a round of another leader").to.equal("not-leader");
      const version = await rig.proposalOf(LEADER, 0, { report: { committeeVersion: 2 } });
      expect(await rig.propose(LEADER, OTHERS[0]!, version), "another committee").to.equal("wrong-committee");
    });
  });

  describe("when a disk is old", () => {
    it("signs nothing that it could have signed before", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      const seat = NEXT_LEADER;
      const member = rig.member(seat);
      await stopMember(seat, { keepDisk: true });
      const oldDisk = copyDisk(member);
      await rig.start([seat], { directory: member.directory });
      await rig.goToRound(0);
      await rig.reported();
      await stopMember(seat);
      await rig.start([seat], { directory: oldDisk });
      const { committee, chain } = rig.member(seat);
      expect(committee.health().ok, "health").to.equal(false);
      expect(committee.health().reasons[0]).to.contain("an older disk was restored");
      expect(committee.protection.floor, "first epoch that may be signed for").to.equal(chain.currentEpoch() + 1n);
      await rig.chain.mineAt(rig.network.epochStart(EPOCH + 2n));
      await waitUntil("its round is over", () => chain.nowMs() >= rig.network.epochStart(EPOCH + 2n) * 1_000);
      await rig.chain.mineAt(rig.network.epochStart(EPOCH + 2n) + 12);
      await waitUntil("the next epoch is reported", () => !!chain.acceptedReport(0, EPOCH + 1n), 30_000);
      expect(chain.acceptedReport(0, EPOCH + 1n)?.round, "round, the old disk led round 0").to.equal(1);
      expect(chain.acceptedReport(0, EPOCH + 1n)?.signers, "signers").to.equal(15n ^ (1n << BigInt(seat)));
    });

    it("signs nothing of a round that began before it started", async () => {
      await rig.start([0, 1]);
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      await rig.start([3]);
      await rig.start([LEADER], { leads: false });
      await rig.member(LEADER).hold(rig.attestAll());
      const proposal = await rig.proposalOf(LEADER, 0);
      expect(await rig.propose(LEADER, 3, proposal)).to.equal("protected-round");
    });

    it("trusts a disk that knows all its signatures", async () => {
      await rig.start();
      await rig.holdEverywhere(rig.attestAll());
      await rig.goToRound(0);
      await rig.reported();
      const { directory } = rig.member(NEXT_LEADER);
      await stopMember(NEXT_LEADER, { keepDisk: true });
      await rig.start([NEXT_LEADER], { directory });
      expect(rig.member(NEXT_LEADER).committee.health()).to.deep.equal({ ok: true, reasons: [] });
      expect(rig.member(NEXT_LEADER).committee.protection.floor, "first epoch that may be signed for").to.equal(0n);
    });
  });

  describe("over HTTP", () => {
    it("answers members only", async () => {
      await rig.start([0, 1]);
      const stranger = rig.relayers[2]!;
      const endpoint = rig.member(0).chain.committeeAt(EPOCH)!.members[0]!;
      await rig.start([2]);
      const early = new PeerClient(rig.member(2).credentials).of(endpoint);
      expect(stranger.address).to.equal(rig.member(2).address);
      const place = { epoch: 1n, shard: 0 };
      const error = (await early.leaves(place, 2_000).catch((reason: unknown) => reason)) as Error;
      expect(error.message).to.contain("answered 403");
      expect(error.message).to.contain("has no seat in the committee of epoch 1");
    });
  });

  /** Reports that leaders signed and a member keeps. */
  function statementsOf(seat: number): number {
    const db = new DatabaseSync(join(rig.member(seat).directory, "committee.db"), { readOnly: true });
    const row = db.prepare("SELECT COUNT(*) AS kept FROM committee_statement").get() as { kept: number };
    db.close();
    return row.kept;
  }

  function beaconSeen() {
    return rig.member(0).chain.beaconFor(0, EPOCH)!;
  }

  async function stopMember(seat: number, { keepDisk = false } = {}) {
    const member = rig.member(seat);
    rig.members.delete(seat);
    await member.stop();
    if (!keepDisk) deleteDisk(member);
  }
});

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}

function withFlippedBit(attestation: MadeAttestation): MadeAttestation {
  const wire = Buffer.from(attestation.wire);
  wire[1_000]! ^= 1;
  return { ...attestation, wire };
}
