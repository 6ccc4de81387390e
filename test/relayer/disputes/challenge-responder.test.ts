import { rmSync } from "node:fs";
import { join } from "node:path";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { expect } from "chai";
import { getAddress, toFunctionSelector } from "viem";
import { challengeLeaf, disputeEvents, disputeTransactions } from "../../helpers/dispute-calls.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { relayerMaterial, startMember, type TestMember } from "../../helpers/test-committee.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { CommitteeRig, EPOCH, NODES } from "../committee/committee-rig.ts";

const RESPOND = toFunctionSelector(
  attestationDisputesAbi.find((item) => item.type === "function" && item.name === "respond")!,
);

describe("ChallengeResponder", function () {
  this.timeout(90_000);

  let rig: CommitteeRig;

  beforeEach(async () => {
    rig = await CommitteeRig.create();
  });
  afterEach(() => rig.stop());

  /** Reports the epoch with leaves of all nodes. */
  async function reportHonestly(): Promise<MadeAttestation[]> {
    await rig.start();
    const attestations = rig.attestAll();
    await rig.holdEverywhere(attestations);
    await rig.goToRound(0);
    await rig.reported();
    return attestations;
  }

  /** Starts a stopped member again, without the attestations it stored. */
  async function restartWithoutLeaves({ directory, seat, address }: TestMember): Promise<TestMember> {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(directory, `attestations.db${suffix}`), { force: true });
    const material = await relayerMaterial(rig.authority, address);
    const relayer = rig.relayers[seat]!;
    const back = await startMember({ network: rig.network, relayer, seat, material, directory, leads: false });
    rig.members.set(seat, back);
    expect(back.store.leavesOf(EPOCH, 0), "leaves left").to.have.length(0);
    return back;
  }

  const challenge = (nodeIndex: number) => {
    const accepted = rig.member(0).chain.acceptedReport(0, EPOCH)!;
    return challengeLeaf(rig.network, { accepted, nodeIndex });
  };
  const answers = () => disputeEvents(rig.network, "ChallengeAnswered");
  const answered = (count: number) =>
    waitUntil(`${count} challenges are answered`, async () => (await answers()).length === count, 30_000);
  const settled = () =>
    waitUntil("every member is at the head", async () => {
      const { hash } = await rig.chain.head();
      return [...rig.members.values()].every(({ chain }) => chain.head().hash === hash);
    });

  it("answers each challenge once, by turns of the signers", async () => {
    await reportHonestly();
    for (const nodeIndex of NODES) await challenge(nodeIndex);
    await answered(NODES.length);
    await settled();
    const senders = await disputeTransactions(rig.network, RESPOND);
    expect(senders.length, "transactions").to.equal(NODES.length);
    expect(new Set(senders).size, "members that answered").to.equal(NODES.length);
  });

  it("takes the bond when its answer stood", async () => {
    await reportHonestly();
    await challenge(1);
    await answered(1);
    const [answer] = await answers();
    await rig.chain.mineAt(Number(answer!.args.until));
    await waitUntil(
      "the bond is withdrawn",
      async () => (await disputeEvents(rig.network, "Withdrawn")).length > 0,
      30_000,
    );
    const [withdrawn] = await disputeEvents(rig.network, "Withdrawn");
    expect(getAddress(withdrawn!.args.account!), "who").to.equal(getAddress(answer!.args.responder!));
    const [made] = await disputeEvents(rig.network, "ChallengeMade");
    expect(withdrawn!.args.amount, "wei").to.equal(made!.args.bond);
  });

  it("answers again when a reorg removed its answer", async () => {
    await reportHonestly();
    await challenge(2);
    await answered(1);
    const [first] = await answers();
    const depth = (await rig.chain.head()).number - Number(first!.blockNumber) + 1;
    await rig.chain.reorg(depth);
    expect(await answers(), "the answer is gone").to.have.length(0);
    await answered(1);
    await settled();
    expect(await disputeTransactions(rig.network, RESPOND), "transactions on the chain").to.have.length(1);
  });

  it("fetches a leaf it lost from another signer", async () => {
    await reportHonestly();
    const lost = rig.member(3);
    for (const member of rig.members.values()) await member.disputes.stop();
    await lost.stop();
    const back = await restartWithoutLeaves(lost);
    await challenge(0);
    await answered(1);
    const [answer] = await answers();
    expect(getAddress(answer!.args.responder!)).to.equal(getAddress(lost.address));
    expect(back.store.leavesOf(EPOCH, 0), "leaves fetched").to.have.length(NODES.length);
  });

  it("says that it cannot answer without the leaf", async () => {
    const attestations = await reportHonestly();
    const alone = rig.member(3);
    for (const member of rig.members.values()) await member.stop();
    rig.members.clear();
    const back = await restartWithoutLeaves(alone);
    expect(back.disputes.health().ok, "before").to.equal(true);
    await challengeLeaf(rig.network, { accepted: back.chain.acceptedReport(0, EPOCH)!, nodeIndex: 0 });
    await waitUntil("it complains", () => !back.disputes.health().ok, 30_000);
    expect(back.disputes.health().reasons.join()).to.match(/challenge 1 of node 0 in epoch 6 cannot be answered/);
    await back.hold(attestations);
    await answered(1);
    await waitUntil("it is well again", () => back.disputes.health().ok);
  });
});
