import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { ReceiptTree } from "@pqmesh/contracts/protocol/merkle";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { expect } from "chai";
import { AbiCoder, getBytes, id, keccak256, type Signer, ZeroHash } from "ethers";
import type { Hex } from "viem";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { connection, MIN_BOND, passEpochs } from "../support/deployed-network.ts";
import {
  type Accepted,
  acceptReport,
  attest,
  buildReport,
  claim,
  type DisputedNetwork,
  disputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  HORIZON,
  leafEvidence,
  leafHashOf,
  openLeaf,
  seatWallet,
} from "./support/dispute-fixture.ts";
import { FLAW, NO_SUPPORT } from "./support/flaws.ts";

const { networkHelpers } = connection;
const EPOCH = FIRST_EPOCH + 1;
const SMALL = (MIN_BOND * 200n) / 10_000n;
const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
const bytesPair = (a: string | Uint8Array, b: string | Uint8Array) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["bytes", "bytes"], [a, b]));

async function bondOf({ committee, members }: DisputedNetwork, seat: number): Promise<bigint> {
  return ((await committee.relayerOf(members[seat].address)) as { bond: bigint }).bond;
}

/** A report of the epoch with a leaf of sequence zero, proven invalid by mallory. */
async function forgedReport(network: DisputedNetwork): Promise<Accepted> {
  const accepted = await acceptReport(network, {
    epoch: EPOCH,
    leaves: new Map([[0, attest(network, 0, EPOCH, { sequence: 0n })]]),
  });
  const leaf = await openLeaf(network, accepted, 0);
  const evidence = leafEvidence(accepted, leafHashOf(leaf, hashAttestation(network.domain, leaf.attestation)));
  const salt = await claim(network, network.mallory, evidence, "forged");
  const { disputes, mallory } = network;
  await disputes.connect(mallory).proveInvalid(accepted.summary, leaf, FLAW.Sequence, { ...NO_SUPPORT, salt });
  return accepted;
}

/** Convicts a seat of forgery with a signature. */
async function convict(
  network: DisputedNetwork,
  accepted: Accepted,
  { seat, signature, by: reporter = network.bob }: { seat: number; signature: Uint8Array; by?: Signer },
) {
  const salt = await claim(network, reporter, keccak256(signature), "convict");
  const { address: member, publicKey: key } = network.members[seat];
  return network.offences.connect(reporter).convictForgery(accepted.summary, { member, key, salt }, signature);
}

/** Two different reports of one round. */
async function twoReports(network: DisputedNetwork, changes: { round?: number } = {}): Promise<[Accepted, Accepted]> {
  const leaves = new Map([0, 1].map((i) => [i, attest(network, i, EPOCH)] as const));
  const first = await buildReport(network, { epoch: EPOCH, leaves });
  const second = await buildReport(network, { epoch: EPOCH, leaves: new Map([[0, leaves.get(0)!]]), ...changes });
  return [first, second];
}

describe("MemberOffences: convictForgery", () => {
  it("takes the large share with the member's ML-DSA-65 signature, and bars it", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await forgedReport(network);
    const signature = network.members[0].signMldsa(accepted.digest);
    await expect(convict(network, accepted, { seat: 0, signature })).to.emit(network.offences, "MemberConvicted");
    const left = MIN_BOND - SMALL;
    expect(await bondOf(network, 0), "convicted").to.equal(left - left / 2n);
    expect(await bondOf(network, 1), "another signer").to.equal(left);
    const { isBarred } = (await network.committee.relayerOf(network.members[0].address)) as { isBarred: boolean };
    expect(isBarred, "barred").to.equal(true);
    await expect(convict(network, accepted, { seat: 0, signature, by: network.carol })).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_AlreadyConvicted",
    );
  });

  it("does not convict a member that did not sign with ML-DSA-65, though its ECDSA key did", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await forgedReport(network);
    const byAnother = network.members[1].signMldsa(accepted.digest);
    await expect(convict(network, accepted, { seat: 0, signature: byAnother }))
      .to.be.revertedWithCustomError(network.offences, "MemberOffences_NotSigned")
      .withArgs(network.members[0].address, accepted.digest);
  });

  it("convicts only of reports that were proven forged, and only members", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const honest = await buildReport(network, { epoch: EPOCH, leaves: new Map() });
    await expect(convict(network, honest, { seat: 0, signature: network.members[0].signMldsa(honest.digest) }))
      .to.be.revertedWithCustomError(network.offences, "MemberOffences_NotForged")
      .withArgs(honest.digest);
    const accepted = await forgedReport(network);
    const signature = network.members[0].signMldsa(accepted.digest);
    const salt = await claim(network, network.bob, keccak256(signature), "outsider");
    const outsider = { member: network.mallory.address, key: "0x", salt };
    await expect(network.offences.connect(network.bob).convictForgery(accepted.summary, outsider, signature))
      .to.be.revertedWithCustomError(network.offences, "MemberOffences_NotMember")
      .withArgs(network.mallory.address, EPOCH);
  });

  it("rewards nobody when the member convicts itself", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await forgedReport(network);
    await convict(network, accepted, {
      seat: 0,
      signature: network.members[0].signMldsa(accepted.digest),
      by: seatWallet(network, 0),
    });
    expect(((await network.committee.slashOf(2)) as { reporter: string }).reporter).to.equal(ZERO_ADDRESS);
  });
});

describe("MemberOffences: equivocation", () => {
  async function prove(network: DisputedNetwork, [first, second]: [Accepted, Accepted], seats: [number, number]) {
    const signatures = [first, second].map(({ digest }, i) => network.members[seats[i]].signEcdsa(digest));
    const salt = await claim(network, network.bob, bytesPair(signatures[0], signatures[1]), "pair");
    const accused = { member: network.members[seats[0]].address, key: "0x", salt };
    return network.offences.connect(network.bob).proveEquivocation(first.summary, second.summary, accused, signatures);
  }

  it("jails a member on ECDSA signatures, and takes the small share once", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const pair = await twoReports(network);
    await expect(prove(network, pair, [2, 2])).to.emit(network.offences, "MemberConvicted");
    expect(await bondOf(network, 2), "bond").to.equal(MIN_BOND - SMALL);
    expect(await network.committee.membersOf(2), "next committee").to.not.include(network.members[2].address);
    const others = await twoReports(network, { round: 0 });
    const third = await buildReport(network, { epoch: EPOCH, leaves: new Map() });
    await prove(network, [others[0], third], [2, 2]);
    expect(await bondOf(network, 2), "bond after another pair").to.equal(MIN_BOND - SMALL);
  });

  it("is one offence, in whichever order its two reports are shown", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const [first, second] = await twoReports(network);
    await prove(network, [first, second], [2, 2]);
    await expect(prove(network, [second, first], [2, 2])).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_AlreadyConvicted",
    );
  });

  it("takes the large share on ML-DSA-65 signatures of both reports", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const [first, second] = await twoReports(network);
    const signatures = [first, second].map(({ digest }) => network.members[2].signMldsa(digest));
    const salt = await claim(network, network.bob, bytesPair(signatures[0], signatures[1]));
    const { address: member, publicKey: key } = network.members[2];
    const { offences, bob } = network;
    await offences
      .connect(bob)
      .convictEquivocation(first.summary, second.summary, { member, key, salt }, signatures, { gasLimit: 16_000_000 });
    expect(await bondOf(network, 2), "bond").to.equal(MIN_BOND / 2n);
    const ecdsa = [first, second].map(({ digest }) => network.members[2].signEcdsa(digest));
    const mixed = await claim(network, bob, bytesPair(ecdsa[0], ecdsa[1]), "mixed");
    const byEcdsa = offences
      .connect(bob)
      .convictEquivocation(first.summary, second.summary, { member, key, salt: mixed }, ecdsa);
    await expect(byEcdsa).to.be.revertedWithCustomError(offences, "MemberOffences_NotSigned");
  });

  it("is none for one report, for two rounds, or with a signature of another member", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const [first, second] = await twoReports(network);
    const [, later] = await twoReports(network, { round: 1 });
    for (const pair of [
      [first, first],
      [first, later],
    ] as [Accepted, Accepted][]) {
      await expect(prove(network, pair, [2, 2])).to.be.revertedWithCustomError(
        network.offences,
        "MemberOffences_NoEquivocation",
      );
    }
    await expect(prove(network, [first, second], [2, 3])).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_NotSigned",
    );
  });

  it("is not judged on ECDSA alone once the epoch is final", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const pair = await twoReports(network);
    await goToEpoch(network, EPOCH + HORIZON + 1);
    await expect(prove(network, pair, [2, 2])).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_EpochFinal",
    );
  });
});

describe("MemberOffences: proveOmission", () => {
  interface Omission {
    seat?: number;
    reportSeat?: number;
    made?: MadeAttestation;
    absent?: number[];
    index?: number;
    reportSignature?: Hex;
  }

  /** Node 1 gets a receipt of a member for three attestations, and a report that names it absent. */
  async function omit(network: DisputedNetwork, change: Omission = {}) {
    const { seat = 1, reportSeat = seat, absent = [1], index = 1 } = change;
    const batch = [0, 1, 2].map((i) => attest(network, i, EPOCH));
    const made = change.made ?? batch[1];
    const tree = new ReceiptTree([batch[0], change.made ?? batch[1], batch[2]].map(({ digest }) => getBytes(digest)));
    const receiptDigest = hashReceipt(network.domain, { epoch: BigInt(EPOCH), root: tree.root });
    const leaves = new Map([0, 2, 3].map((i) => [i, attest(network, i, EPOCH)] as const));
    const { summary, digest, report } = await buildReport(network, { epoch: EPOCH, leaves, absent });
    const member = network.members[seat];
    const receipt = { attestation: made.attestation, index, size: 3, path: tree.path(1) };
    const signed = { ...receipt, signature: member.signEcdsa(receiptDigest) };
    const reportSignature = change.reportSignature ?? network.members[reportSeat].signEcdsa(digest);
    const salt = await claim(network, network.bob, bytesPair(signed.signature, reportSignature));
    const accused = { member: member.address, key: "0x", salt };
    return network.offences
      .connect(network.bob)
      .proveOmission(summary, report.absent, signed, accused, reportSignature);
  }

  it("jails a member that acknowledged an attestation and named its node absent, and takes the small share", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await expect(omit(network)).to.emit(network.offences, "MemberConvicted");
    expect(await bondOf(network, 1), "bond").to.equal(MIN_BOND - SMALL);
    expect(await bondOf(network, 0), "another member").to.equal(MIN_BOND);
    expect(((await network.committee.slashOf(1)) as { reporter: string }).reporter).to.equal(network.bob.address);
  });

  it("is none when the report names other nodes, or the receipt is for another epoch, node or shard", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    for (const change of [
      { absent: [2] },
      { made: attest(network, 1, EPOCH - 1) },
      { made: attest(network, 0, EPOCH) },
      { made: attest(network, 1, EPOCH, { nodeIndex: 512 + 1 }) },
    ]) {
      await expect(omit(network, change)).to.be.revertedWithCustomError(network.offences, "MemberOffences_NoOmission");
      await networkHelpers.loadFixture(disputedNetwork);
    }
  });

  it("needs both signatures of the same member, and the place in the batch", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await expect(omit(network, { seat: 1, reportSeat: 2 })).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_NotSigned",
    );
    await networkHelpers.loadFixture(disputedNetwork);
    await expect(omit(network, { index: 2 })).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_NotSigned",
    );
    await networkHelpers.loadFixture(disputedNetwork);
    await expect(omit(network, { reportSignature: "0x1234" })).to.be.revertedWithCustomError(
      network.offences,
      "MemberOffences_NotSigned",
    );
  });
});

describe("RelayerCommittee: jail and pardon", () => {
  it("keeps the bond of a jailed member until its time is over, and no longer", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await forgedReport(network);
    const { committee, members } = network;
    const member = seatWallet(network, 0);
    await passEpochs(network, 3);
    await committee.connect(member).requestBondRelease();
    const { frozenUntil } = (await committee.relayerOf(members[0].address)) as { frozenUntil: bigint };
    const { releaseAt } = (await committee.relayerOf(members[0].address)) as { releaseAt: bigint };
    expect(releaseAt > frozenUntil, "released after the jail").to.equal(true);
    await networkHelpers.time.increaseTo(releaseAt);
    await committee.connect(member).withdrawBond();
    expect(await bondOf(network, 0), "bond").to.equal(0n);
  });

  it("keeps an unbonding member slashable, and freezes a bond whose release had begun", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const { committee, timelockSigner, members } = network;
    const pair = await twoReports(network);
    await committee.connect(timelockSigner).setCommittee([members[1].address]);
    await passEpochs(network, 2);
    const member = seatWallet(network, 2);
    await committee.connect(member).requestBondRelease();
    const { releaseAt } = (await committee.relayerOf(members[2].address)) as { releaseAt: bigint };
    await networkHelpers.time.increaseTo(releaseAt - 100n);
    const signatures = pair.map(({ digest }) => members[2].signMldsa(digest));
    const salt = await claim(network, network.bob, bytesPair(signatures[0], signatures[1]));
    const accused = { member: members[2].address, key: members[2].publicKey, salt };
    await network.offences
      .connect(network.bob)
      .convictEquivocation(pair[0].summary, pair[1].summary, accused, signatures, { gasLimit: 16_000_000 });
    expect(await bondOf(network, 2), "bond").to.equal(MIN_BOND / 2n);
    await networkHelpers.time.increaseTo(releaseAt);
    await expect(committee.connect(member).withdrawBond()).to.be.revertedWithCustomError(
      committee,
      "RelayerCommittee_Frozen",
    );
  });

  it("seats no jailed and no barred relayer", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await forgedReport(network);
    await convict(network, accepted, { seat: 0, signature: network.members[0].signMldsa(accepted.digest) });
    const { committee, timelockSigner, members } = network;
    for (const seat of [0, 1]) {
      await expect(
        committee.connect(timelockSigner).setCommittee([members[seat].address]),
      ).to.be.revertedWithCustomError(committee, "RelayerCommittee_Jailed");
    }
    const { frozenUntil } = (await committee.relayerOf(members[0].address)) as { frozenUntil: bigint };
    await networkHelpers.time.increaseTo(frozenUntil);
    const barred = committee.connect(timelockSigner).setCommittee([members[0].address]);
    await expect(barred).to.be.revertedWithCustomError(committee, "RelayerCommittee_Jailed");
  });

  it("lets the DAO give funds back before they are paid out, to those they were taken from", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    await forgedReport(network);
    const { committee, timelockSigner, members } = network;
    const taken = members.slice(0, 3).map(({ address }) => address);
    const wrong = committee.connect(timelockSigner).pardon(1, taken, [SMALL, SMALL, SMALL + 1n]);
    await expect(wrong).to.be.revertedWithCustomError(committee, "RelayerCommittee_NoPardon").withArgs(1);
    await committee.connect(timelockSigner).pardon(1, taken, [SMALL, SMALL, SMALL]);
    for (const seat of [0, 1, 2]) expect(await bondOf(network, seat), `seat ${seat}`).to.equal(MIN_BOND);
    expect(await committee.totalFrozen(), "frozen").to.equal(0n);
    await expect(committee.paySlash(1)).to.be.revertedWithCustomError(committee, "RelayerCommittee_SlashNotPayable");
    const again = committee.connect(timelockSigner).pardon(1, taken, [SMALL, SMALL, SMALL]);
    await expect(again).to.be.revertedWithCustomError(committee, "RelayerCommittee_NoPardon");
  });

  it("owes what it holds after any of this", async () => {
    const network = await networkHelpers.loadFixture(disputedNetwork);
    const accepted = await forgedReport(network);
    await convict(network, accepted, { seat: 1, signature: network.members[1].signMldsa(accepted.digest) });
    const { committee, token } = network;
    const held = (await token.balanceOf(await committee.getAddress())) as bigint;
    const owed = ((await committee.totalBonded()) as bigint) + ((await committee.totalFrozen()) as bigint);
    expect(held, "MESH").to.equal(owed);
  });
});

describe("Evidence: claims", () => {
  it("are made once and by their hash alone", async () => {
    const { offences, alice, bob } = await networkHelpers.loadFixture(disputedNetwork);
    await offences.connect(alice).claimEvidence(id("claim"));
    await expect(offences.connect(bob).claimEvidence(id("claim")))
      .to.be.revertedWithCustomError(offences, "Evidence_ClaimKnown")
      .withArgs(id("claim"));
    expect(await offences.claimedAt(ZeroHash), "another").to.equal(0n);
  });
});
