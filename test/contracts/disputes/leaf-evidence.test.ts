import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { connection, MIN_BOND } from "../support/deployed-network.ts";
import { attestationKey } from "../support/attestation-key.ts";
import {
  acceptReport,
  answer,
  attest,
  challenge,
  disputedNetwork,
  disputedNetworkIn,
  FIRST_EPOCH,
  goToEpoch,
  openLeaf,
  seatWallet,
} from "./support/dispute-fixture.ts";
import { FLAW } from "./support/flaws.ts";
import { prove } from "./support/prove-leaf.ts";

const { networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const SLASHED = (3n * MIN_BOND * 200n) / 10_000n;
const STATE = { upheld: 4n, dismissed: 5n };
/** An epoch in which the genesis beacon is still allowed. */
const YOUNG = 4;

/** A report whose leaf of node 0 has a sequence of zero. */
async function networkWithFlaw() {
  const network = await disputedNetwork();
  const leaves = new Map([0, 1].map((i) => [i, attest(network, i, EPOCH, { sequence: 0n })] as const));
  const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
  return { network, accepted };
}

const youngNetwork = () => disputedNetworkIn(YOUNG);

/** Shard 1 has its first node, and both shards have reported FIRST_EPOCH + 2. */
async function twoShards() {
  const network = await disputedNetwork();
  const { registry, alice } = network;
  for (let node = 4; node <= 512; node++) {
    await registry.connect(alice).registerNode(attestationKey(`node ${node}`), ZeroHash);
  }
  const epoch = FIRST_EPOCH + 2;
  const reports = [];
  for (const shard of [0, 1]) reports.push(await acceptReport(network, { epoch, shard, leaves: new Map() }));
  return { network, epoch, reports };
}

describe("AttestationDisputes: challenges and proofs of one leaf", () => {
  it("returns the bond of a challenge that is open when its leaf is proven invalid", async () => {
    const { network, accepted } = await networkHelpers.loadFixture(networkWithFlaw);
    const { disputes, bob, mallory } = network;
    const asked = await challenge(network, accepted, 0);
    const { bond } = (await disputes.challengeOf(asked)) as { bond: bigint };
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Sequence", prover: bob }))
      .to.emit(disputes, "ChallengeClosed")
      .withArgs(asked, STATE.upheld, 1);
    expect(await disputes.creditOf(mallory.address), "credit").to.equal(bond);
  });

  it("returns nothing of a challenge that was dismissed before its leaf is proven invalid", async () => {
    const { network, accepted } = await networkHelpers.loadFixture(networkWithFlaw);
    const { disputes, bob, mallory } = network;
    const asked = await challenge(network, accepted, 0);
    await disputes.connect(seatWallet(network, 0)).respond(asked, ...answer(accepted, 0, 0));
    const { until } = (await disputes.challengeOf(asked)) as { until: bigint };
    await networkHelpers.time.increaseTo(until);
    await disputes.dismissChallenge(asked);
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Sequence", prover: bob })).not.to.emit(
      disputes,
      "ChallengeClosed",
    );
    expect(await disputes.creditOf(mallory.address), "credit").to.equal(0n);
    expect(((await disputes.challengeOf(asked)) as { state: bigint }).state, "state").to.equal(STATE.dismissed);
  });

  it("refuses to challenge a leaf that was proven invalid", async () => {
    const { network, accepted } = await networkHelpers.loadFixture(networkWithFlaw);
    await prove({ network, accepted, leaf: await openLeaf(network, accepted, 0), flaw: "Sequence" });
    await expect(challenge(network, accepted, 0))
      .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_NoLeafClaimed")
      .withArgs(0, EPOCH);
    expect(await challenge(network, accepted, 1), "of another node").to.equal(1n);
  });

  it("knows a report as forged by a leaf of its second half, and punishes it once", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([300, 301].map((i) => [i, attest(network, 0, EPOCH)] as const));
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    expect(await network.disputes.isForged(accepted.digest), "before").to.equal(false);
    for (const position of [300, 301]) {
      await prove({ network, accepted, leaf: await openLeaf(network, accepted, position), flaw: "Inactive" });
      expect(await network.disputes.isForged(accepted.digest), "after").to.equal(true);
      expect(await network.committee.totalFrozen(), "frozen").to.equal(SLASHED);
    }
  });

  it("takes no answer but the leaf itself: not the node's for another epoch, nor one that is not in the tree", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([
      [0, attest(network, 0, EPOCH - 1)],
      [1, attest(network, 1, EPOCH)],
    ]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    const other = { ...accepted, leaves: new Map([[1, attest(network, 1, EPOCH, { work: 1n })]]) };
    const asMember = network.disputes.connect(seatWallet(network, 0));
    for (const [node, shown] of [
      [0, accepted],
      [1, other],
    ] as const) {
      const asked = await challenge(network, accepted, node);
      await expect(asMember.respond(asked, ...answer(shown, node, 0)), `node ${node}`)
        .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_NotInTree")
        .withArgs(accepted.tree.root, node);
    }
    await asMember.respond(2, ...answer(accepted, 1, 0));
  });
});

describe("AttestationDisputes: beacons of leaves", () => {
  it("stand in the first epochs when they are the genesis beacon, and no other that was not recorded", async () => {
    const network = await networkHelpers.loadFixture(youngNetwork);
    const beacon = (await network.bridge.genesisBeacon()) as Hex;
    const epoch = YOUNG + 1;
    const leaves = new Map([
      [0, attest(network, 0, epoch, { beacon })],
      [1, attest(network, 1, epoch, { beacon: id("no block") as Hex })],
    ]);
    const accepted = await acceptReport(network, { epoch, leaves });
    await expect(prove({ network, accepted, leaf: await openLeaf(network, accepted, 0), flaw: "Beacon" }))
      .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_LeafStands")
      .withArgs(0, epoch, FLAW.Beacon);
    await networkHelpers.mine(1);
    const unknown = await openLeaf(network, accepted, 1);
    await expect(prove({ network, accepted, leaf: unknown, flaw: "Beacon", prover: network.bob })).to.emit(
      network.disputes,
      "LeafInvalid",
    );
  });

  it("are invalid when they are zero, though epochs without a beacon have zero recorded", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([[0, attest(network, 0, EPOCH, { beacon: ZeroHash as Hex })]]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    const leaf = await openLeaf(network, accepted, 0);
    await expect(prove({ network, accepted, leaf, flaw: "Beacon" })).to.emit(network.disputes, "LeafInvalid");
  });

  it("are judged by the reports of their own epochs and shard alone", async () => {
    const { network, epoch, reports } = await networkHelpers.loadFixture(twoShards);
    const [own, ofOther] = reports;
    const leaves = new Map([[0, attest(network, 0, epoch + 1, { beacon: own.report.beacon })]]);
    const accepted = await acceptReport(network, { epoch: epoch + 1, leaves });
    const leaf = await openLeaf(network, accepted, 0);
    for (const [position, wrong] of [accepted.summary, ofOther.summary].entries()) {
      const prover = network.others[position];
      await expect(prove({ network, accepted, leaf, flaw: "Beacon", support: { history: [wrong] }, prover }))
        .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_HistoryMissing")
        .withArgs(epoch);
    }
    await expect(prove({ network, accepted, leaf, flaw: "Beacon", support: { history: [own.summary] } }))
      .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_LeafStands")
      .withArgs(0, epoch + 1, FLAW.Beacon);
  });
});

describe("CommitteeFees: removeSilent with two shards", () => {
  it("refuses reports of several shards", async () => {
    const { network, epoch, reports } = await networkHelpers.loadFixture(twoShards);
    await goToEpoch(network, epoch + 3);
    const next = await acceptReport(network, { epoch: epoch + 1, shard: 1, leaves: new Map() });
    await expect(network.fees.removeSilent(network.members[3].address, [reports[0].summary, next.summary]))
      .to.be.revertedWithCustomError(network.fees, "CommitteeFees_NotInARow")
      .withArgs(epoch, epoch + 1);
  });
});
