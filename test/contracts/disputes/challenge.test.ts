import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { expect } from "chai";
import { id } from "ethers";
import type { Hex } from "viem";
import { connection, MIN_BOND, setParameter } from "../support/deployed-network.ts";
import {
  acceptReport,
  answer,
  attest,
  challenge,
  claim,
  type DisputedNetwork,
  disputedNetwork,
  EPOCH_SECONDS,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  honestReport,
  leafEvidence,
  leafHashOf,
  openLeaf,
  seatWallet,
  WINDOW,
} from "./support/dispute-fixture.ts";
import { FLAW, NO_SUPPORT } from "./support/flaws.ts";

const { networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const ATTESTED = 2n;
const ABSENT = 3n;
const STATE = { queued: 1n, open: 2n, answered: 3n, upheld: 4n, dismissed: 5n };

interface ChallengeView {
  state: bigint;
  bond: bigint;
  until: bigint;
  responder: string;
}

async function viewOf({ disputes }: DisputedNetwork, id_: bigint): Promise<ChallengeView> {
  return (await disputes.challengeOf(id_)) as ChallengeView;
}

/** Ether that the disputes hold must be what they owe: bonds of challenges under way and credits. */
async function expectSolvent(network: DisputedNetwork, owed: bigint): Promise<void> {
  const held = await connection.ethers.provider.getBalance(await network.disputes.getAddress());
  expect(held, "wei held").to.equal(owed);
}

/** A report over garbage in the place of some nodes: nobody knows a preimage. */
async function garbageReport(network: DisputedNetwork, hidden = [0]) {
  const shown = [0, 1, 2, 3].filter((i) => !hidden.includes(i));
  const leaves = new Map(shown.map((i) => [i, attest(network, i, EPOCH)] as const));
  const rawLeaves = new Map(hidden.map((i) => [i, id(`garbage ${i}`) as Hex] as const));
  return acceptReport(network, { epoch: EPOCH, leaves, rawLeaves });
}

describe("AttestationDisputes: challenge", () => {
  it("opens with the bond, and disputes the epoch until it ends", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    const { disputes, mallory } = network;
    const value = (await disputes.challengeBond()) as bigint;
    const countedUntil = async (node: number) => {
      const service = (await network.bridge.serviceOf(node, EPOCH - 1, EPOCH + 1)) as { until: bigint };
      return Number(service.until);
    };
    expect(await disputes.isDisputed(0, EPOCH), "before").to.equal(false);
    expect(await countedUntil(0), "service before").to.equal(EPOCH + 1);
    await expect(disputes.connect(mallory).challenge(accepted.summary, "0x", 0, { value }))
      .to.emit(disputes, "ChallengeMade")
      .withArgs(1, 0, EPOCH, mallory.address, accepted.digest, accepted.report.root, 7n, value)
      .and.to.emit(disputes, "ChallengeOpened");
    expect(await disputes.isDisputed(0, EPOCH), "open").to.equal(true);
    expect(await disputes.isDisputed(1, EPOCH), "another node").to.equal(false);
    expect(await countedUntil(0), "service while disputed").to.equal(EPOCH - 1);
    expect(await countedUntil(1), "service of another node").to.equal(EPOCH + 1);
    expect((await viewOf(network, 1n)).state, "state").to.equal(STATE.open);
  });

  it("asks for twice the gas of an answer, and more while many wait", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    await setParameter(network, "maxOpenChallenges", 1n);
    const base = 2n * 200_000n * 20_000_000_000n;
    const { disputes } = network;
    expect(await disputes.challengeBond(), "first").to.equal(base);
    await challenge(network, accepted, 0);
    expect(await disputes.challengeBond(), "second").to.equal(2n * base);
    await expect(disputes.challenge(accepted.summary, "0x", 1, { value: base }))
      .to.be.revertedWithCustomError(disputes, "AttestationDisputes_BondTooLow")
      .withArgs(base, 2n * base);
  });

  it("refuses nodes without a claimed leaf, a second challenge and a late one", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([0, 1].map((i) => [i, attest(network, i, EPOCH)] as const));
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    const { disputes } = network;
    const value = (await disputes.challengeBond()) as bigint;
    const ask = (node: number, absent = accepted.report.absent) =>
      disputes.challenge(accepted.summary, absent, node, { value });
    for (const node of [2, 7, 600]) {
      await expect(ask(node), `node ${node}`)
        .to.be.revertedWithCustomError(disputes, "AttestationDisputes_NoLeafClaimed")
        .withArgs(node, EPOCH);
    }
    await expect(ask(2, "0x")).to.be.revertedWithCustomError(disputes, "Evidence_WrongList");
    await ask(0);
    await expect(ask(0)).to.be.revertedWithCustomError(disputes, "AttestationDisputes_ChallengeExists").withArgs(1);
    await networkHelpers.time.increaseTo((await disputes.challengeDeadline(EPOCH)) as bigint);
    await expect(ask(1)).to.be.revertedWithCustomError(disputes, "AttestationDisputes_TooLate");
  });

  it("can be asked until the response window begins", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const start = (await network.bridge.epochStart(EPOCH + 1 + 3 * WINDOW)) as bigint;
    expect(await network.disputes.challengeDeadline(EPOCH)).to.equal(start);
  });
});

describe("AttestationDisputes: respond", () => {
  it("answers, and the responder gets the bond when the answer stands", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    const { disputes, registry } = network;
    const id_ = await challenge(network, accepted, 0);
    const { bond } = await viewOf(network, id_);
    const member = seatWallet(network, 1);
    await expect(disputes.connect(member).respond(id_, ...answer(accepted, 0, 1)))
      .to.emit(disputes, "ChallengeAnswered")
      .withArgs(
        id_,
        member.address,
        await registry.keyHashAt(0, EPOCH),
        (until: bigint) => until > 0n,
        (attestation: { nodeIndex: bigint }) => attestation.nodeIndex === 0n,
        `0x${Buffer.from(accepted.leaves.get(0)!.signature).toString("hex")}`,
        accepted.tree.proof(0),
      );
    await expect(disputes.dismissChallenge(id_)).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_TooEarly",
    );
    await networkHelpers.time.increaseTo((await viewOf(network, id_)).until);
    expect(await disputes.isDisputed(0, EPOCH), "after the second window").to.equal(false);
    await disputes.dismissChallenge(id_);
    expect(await disputes.creditOf(member.address), "credit").to.equal(bond);
    await expectSolvent(network, bond);
    await disputes.connect(member).withdraw();
    await expectSolvent(network, 0n);
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ATTESTED);
    expect(await network.committee.totalFrozen(), "slashed").to.equal(0n);
    const again = disputes.connect(member).withdraw();
    await expect(again).to.be.revertedWithCustomError(disputes, "AttestationDisputes_NothingToWithdraw");
  });

  it("takes answers of signers and of the node's operator only", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    const { disputes, mallory, alice } = network;
    const id_ = await challenge(network, accepted, 0);
    for (const [caller, seat] of [
      [mallory, 1],
      [seatWallet(network, 3), 3],
      [seatWallet(network, 1), 0],
      [mallory, 256],
    ] as const) {
      await expect(disputes.connect(caller).respond(id_, ...answer(accepted, 0, seat)))
        .to.be.revertedWithCustomError(disputes, "AttestationDisputes_NotResponder")
        .withArgs(caller.address, seat);
    }
    await disputes.connect(alice).respond(id_, ...answer(accepted, 0, 99));
    expect((await viewOf(network, id_)).state).to.equal(STATE.answered);
  });

  it("refuses the leaf of another node, late answers and second ones", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    const { disputes } = network;
    const asMember = disputes.connect(seatWallet(network, 0));
    const [first, second] = [await challenge(network, accepted, 0), await challenge(network, accepted, 1)];
    await expect(asMember.respond(first, ...answer(accepted, 1, 0))).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_NotInTree",
    );
    await asMember.respond(first, ...answer(accepted, 0, 0));
    await expect(asMember.respond(first, ...answer(accepted, 0, 0)))
      .to.be.revertedWithCustomError(disputes, "AttestationDisputes_WrongState")
      .withArgs(first, STATE.answered);
    await networkHelpers.time.increaseTo((await viewOf(network, second)).until);
    await expect(asMember.respond(second, ...answer(accepted, 1, 0))).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_TooLate",
    );
  });

  it("refuses to show a signature of another length, so that such a leaf counts as withheld", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const made = attest(network, 0, EPOCH);
    for (const length of [0, 3_308, 3_310]) {
      const signature = new Uint8Array(length);
      const accepted = await acceptReport(network, { epoch: EPOCH, leaves: new Map([[0, { ...made, signature }]]) });
      const id_ = await challenge(network, accepted, 0);
      await expect(network.disputes.connect(seatWallet(network, 0)).respond(id_, ...answer(accepted, 0, 0)))
        .to.be.revertedWithCustomError(network.disputes, "AttestationDisputes_SignatureLength")
        .withArgs(length, 3_309);
      await networkHelpers.loadFixture(disputedNetwork);
    }
  });

  it("leaves a shown leaf open to proof, and gives the bond back to the challenger", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([[0, attest(network, 0, EPOCH, { sequence: 0n })]]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    const { disputes, mallory, bob } = network;
    const id_ = await challenge(network, accepted, 0);
    const { bond } = await viewOf(network, id_);
    await disputes.connect(seatWallet(network, 0)).respond(id_, ...answer(accepted, 0, 0));
    const leaf = await openLeaf(network, accepted, 0);
    const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
    const salt = await claim(network, bob, leafEvidence(accepted, hash));
    await expect(disputes.connect(bob).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt }))
      .to.emit(disputes, "ChallengeClosed")
      .withArgs(id_, STATE.upheld, 1);
    expect(await disputes.creditOf(mallory.address), "credit of the challenger").to.equal(bond);
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
  });
});

describe("AttestationDisputes: expireChallenge", () => {
  it("makes the node absent, slashes the signers and returns the bond without a leaf that anybody knows", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await garbageReport(network);
    const { disputes, mallory, committee } = network;
    const id_ = await challenge(network, accepted, 0);
    const { bond, until } = await viewOf(network, id_);
    await expect(disputes.expireChallenge(id_)).to.be.revertedWithCustomError(disputes, "AttestationDisputes_TooEarly");
    await networkHelpers.time.increaseTo(until);
    await disputes.connect(mallory).expireChallenge(id_);
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
    expect(await disputes.creditOf(mallory.address), "credit").to.equal(bond);
    expect(await committee.totalFrozen(), "frozen").to.equal((3n * MIN_BOND * 200n) / 10_000n);
    expect(((await committee.slashOf(1)) as { reporter: string }).reporter, "reporter").to.equal(mallory.address);
    expect(await disputes.isForged(accepted.digest), "forged").to.equal(true);
    await expect(disputes.expireChallenge(id_)).to.be.revertedWithCustomError(
      disputes,
      "AttestationDisputes_WrongState",
    );
  });

  it("pays a tenth of the bond to somebody else who ends it", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await garbageReport(network);
    const { disputes, mallory, bob } = network;
    const id_ = await challenge(network, accepted, 0);
    const { bond, until } = await viewOf(network, id_);
    await networkHelpers.time.increaseTo(until);
    await disputes.connect(bob).expireChallenge(id_);
    expect(await disputes.creditOf(bob.address), "caller").to.equal(bond / 10n);
    expect(await disputes.creditOf(mallory.address), "challenger").to.equal(bond - bond / 10n);
    await expectSolvent(network, bond);
  });

  it("ends before the horizon when asked at the last moment", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await garbageReport(network);
    await goToEpoch(network, EPOCH + 3 * WINDOW);
    await networkHelpers.time.increase(EPOCH_SECONDS - 20);
    const id_ = await challenge(network, accepted, 0);
    await networkHelpers.time.increaseTo((await viewOf(network, id_)).until);
    await network.disputes.expireChallenge(id_);
    expect(await network.bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
  });
});

describe("AttestationDisputes: queue", () => {
  it("keeps an epoch open beyond the horizon while a challenge made in time waits", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await garbageReport(network, [0, 1]);
    await setParameter(network, "maxOpenChallenges", 1n);
    await networkHelpers.time.increaseTo(((await network.disputes.challengeDeadline(EPOCH)) as bigint) - 20n);
    const filler = await challenge(network, accepted, 1);
    const asked = await challenge(network, accepted, 0, network.bob);
    const { disputes, bridge } = network;
    await goToEpoch(network, EPOCH + HORIZON + 3);
    expect(EPOCH < Number(await bridge.finalizedBefore()), "past the horizon").to.equal(true);
    expect(await disputes.isDisputed(0, EPOCH), "payouts wait").to.equal(true);
    await disputes.expireChallenge(filler);
    await networkHelpers.time.increaseTo((await viewOf(network, asked)).until);
    await disputes.expireChallenge(asked);
    expect(await bridge.statusOf(0, EPOCH), "status").to.equal(ABSENT);
    expect(await disputes.isDisputed(0, EPOCH), "payouts go on").to.equal(false);
  });

  it("lets a shown leaf be proven invalid beyond the horizon while its second window lasts", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const forged = [0, 1].map((i) => [i, attest(network, i, EPOCH, { sequence: 0n })] as const);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves: new Map(forged) });
    await setParameter(network, "maxOpenChallenges", 1n);
    await networkHelpers.time.increaseTo(((await network.disputes.challengeDeadline(EPOCH)) as bigint) - 20n);
    const ids = [await challenge(network, accepted, 1), await challenge(network, accepted, 0)];
    const { disputes, bridge, bob } = network;
    await goToEpoch(network, EPOCH + HORIZON + 3);
    await disputes.connect(seatWallet(network, 0)).respond(ids[1], ...answer(accepted, 0, 0));
    const prove = async (node: number) => {
      const leaf = await openLeaf(network, accepted, node);
      const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
      const salt = await claim(network, bob, leafEvidence(accepted, hash), `late ${node}`);
      await disputes.connect(bob).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt });
    };
    await prove(0);
    expect(await bridge.statusOf(0, EPOCH), "within the window").to.equal(ABSENT);
  });

  it("lets an answer that stood be final", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([[0, attest(network, 0, EPOCH, { sequence: 0n })]]);
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    const { disputes, bridge, bob } = network;
    const asked = await challenge(network, accepted, 0);
    await disputes.connect(seatWallet(network, 0)).respond(asked, ...answer(accepted, 0, 0));
    await goToEpoch(network, EPOCH + HORIZON + 3);
    expect(await disputes.isDisputed(0, EPOCH), "payouts go on").to.equal(false);
    const leaf = await openLeaf(network, accepted, 0);
    const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
    const salt = await claim(network, bob, leafEvidence(accepted, hash), "too late");
    await disputes.connect(bob).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt });
    expect(await bridge.statusOf(0, EPOCH), "status").to.equal(ATTESTED);
  });

  it("counts the challenges about a node that have not ended", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { disputes } = network;
    const first = await honestReport(network, EPOCH);
    const second = await honestReport(network, EPOCH + 1);
    const ids = [await challenge(network, first, 0), await challenge(network, second, 0)];
    expect(await disputes.unresolvedAbout(0), "both").to.equal(2n);
    expect(await disputes.unresolvedAbout(1), "another node").to.equal(0n);
    await disputes.connect(seatWallet(network, 0)).respond(ids[0], ...answer(first, 0, 0));
    expect(await disputes.unresolvedAbout(0), "answered").to.equal(2n);
    await networkHelpers.time.increaseTo((await viewOf(network, ids[0])).until);
    await disputes.dismissChallenge(ids[0]);
    await disputes.expireChallenge(ids[1]);
    expect(await disputes.unresolvedAbout(0), "ended").to.equal(0n);
  });

  it("ends a challenge that waits when its leaf is proven invalid, and returns its bond", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const leaves = new Map([0, 1].map((i) => [i, attest(network, i, EPOCH, { sequence: BigInt(1 - i) })] as const));
    const accepted = await acceptReport(network, { epoch: EPOCH, leaves });
    await setParameter(network, "maxOpenChallenges", 1n);
    const { disputes, bob, mallory } = network;
    const open = await challenge(network, accepted, 0);
    const waiting = await challenge(network, accepted, 1);
    const { bond } = await viewOf(network, waiting);
    await expect(disputes.dismissChallenge(open), "not answered")
      .to.be.revertedWithCustomError(disputes, "AttestationDisputes_WrongState")
      .withArgs(open, 2);
    const leaf = await openLeaf(network, accepted, 1);
    const hash = leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation));
    const salt = await claim(network, bob, leafEvidence(accepted, hash), "while it waits");
    await disputes.connect(bob).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt });
    expect(await disputes.challengeCounts(), "one is open").to.deep.equal([1n, 0n]);
    expect((await viewOf(network, waiting)).state, "upheld").to.equal(4n);
    expect(await disputes.creditOf(mallory.address), "bond").to.equal(bond);
  });

  it("stops the clock of challenges that wait, and opens them in order", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    await setParameter(network, "maxOpenChallenges", 1n);
    const { disputes } = network;
    for (const node of [0, 1, 2]) await challenge(network, accepted, node);
    expect(await disputes.challengeCounts()).to.deep.equal([1n, 2n]);
    expect((await viewOf(network, 2n)).until, "clock of the second").to.equal(0n);
    await networkHelpers.time.increase(10 * EPOCH_SECONDS);
    await expect(disputes.expireChallenge(2)).to.be.revertedWithCustomError(disputes, "AttestationDisputes_WrongState");
    await disputes.expireChallenge(1);
    expect((await viewOf(network, 2n)).state, "second").to.equal(STATE.open);
    expect((await viewOf(network, 3n)).state, "third").to.equal(STATE.queued);
    const member = seatWallet(network, 0);
    await disputes.connect(member).respond(2, ...answer(accepted, 1, 0));
    expect((await viewOf(network, 3n)).state, "third after the second").to.equal(STATE.open);
  });

  it("lets signers answer while a challenge waits, and passes over it then", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    await setParameter(network, "maxOpenChallenges", 1n);
    const { disputes } = network;
    for (const node of [0, 1, 2]) await challenge(network, accepted, node);
    const asMember = disputes.connect(seatWallet(network, 0));
    await asMember.respond(2, ...answer(accepted, 1, 0));
    expect(await disputes.challengeCounts(), "one waits").to.deep.equal([1n, 1n]);
    await asMember.respond(1, ...answer(accepted, 0, 0));
    expect((await viewOf(network, 3n)).state, "third").to.equal(STATE.open);
    expect(await disputes.challengeCounts(), "none waits").to.deep.equal([1n, 0n]);
  });

  it("opens waiting challenges for anyone when there is more room", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await honestReport(network, EPOCH);
    await setParameter(network, "maxOpenChallenges", 1n);
    for (const node of [0, 1, 2]) await challenge(network, accepted, node);
    await setParameter(network, "maxOpenChallenges", 64n);
    await network.disputes.openQueued(1);
    expect(await network.disputes.challengeCounts(), "one more").to.deep.equal([2n, 1n]);
    await network.disputes.openQueued(10);
    expect(await network.disputes.challengeCounts(), "all").to.deep.equal([3n, 0n]);
  });
});
