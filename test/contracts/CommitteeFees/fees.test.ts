import { expect } from "chai";
import { id } from "ethers";
import type { Hex } from "viem";
import { bondRelayer } from "../support/bonded-relayers.ts";
import { connection, MESH, setParameter } from "../support/deployed-network.ts";
import { deployTable } from "../support/parameter-table.ts";
import {
  type Accepted,
  acceptReport,
  answer,
  attest,
  challenge,
  claim,
  disputedNetwork,
  type DisputedNetwork,
  FIRST_EPOCH,
  goToEpoch,
  honestReport,
  HORIZON,
  leafEvidence,
  leafHashOf,
  openLeaf,
  seatWallet,
} from "../disputes/support/dispute-fixture.ts";
import { FLAW, NO_SUPPORT } from "../disputes/support/flaws.ts";

const { ethers, networkHelpers } = connection;
const FEE = 1n * MESH;

/** A reserve of a thousand MESH, paid in by the DAO. */
async function fundedNetwork() {
  const network = await disputedNetwork();
  const { fees, token, timelockSigner } = network;
  await token.connect(timelockSigner).approve(await fees.getAddress(), ethers.MaxUint256);
  await fees.connect(timelockSigner).fund(1_000n * MESH);
  return network;
}

/** Reports `count` epochs from FIRST_EPOCH on by the given seats, nobody attested. */
async function reportEpochs(network: DisputedNetwork, count: number, seats = [0, 1, 2]): Promise<Accepted[]> {
  const reports: Accepted[] = [];
  for (let i = 0; i < count; i++) {
    reports.push(await acceptReport(network, { epoch: FIRST_EPOCH + i, leaves: new Map(), seats }));
  }
  return reports;
}

const summaries = (reports: Accepted[]) => reports.map(({ summary }) => summary);
const pastHorizon = (network: DisputedNetwork, count: number) => goToEpoch(network, FIRST_EPOCH + count + HORIZON);

async function feesOfSeats({ fees, members }: DisputedNetwork): Promise<bigint[]> {
  return Promise.all(members.map(({ address }) => fees.feesOf(address) as Promise<bigint>));
}

describe("CommitteeFees: collect", () => {
  it("pays half to the seat whose turn it was, half to all signers", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const reports = await reportEpochs(network, 1);
    await pastHorizon(network, 1);
    await expect(network.fees.collect(summaries(reports)))
      .to.emit(network.fees, "ReportPaid")
      .withArgs(FIRST_EPOCH, 0, network.members[FIRST_EPOCH % 4].address, FEE / 2n, FEE / 6n, 3);
    const each = FEE / 6n;
    const expected = [0, 1, 2].map((seat) => (seat === FIRST_EPOCH % 4 ? each + FEE / 2n : each));
    expect(await feesOfSeats(network), "fees").to.deep.equal([...expected, 0n]);
    expect(await network.fees.reserve(), "reserve").to.equal(1_000n * MESH - FEE / 2n - 3n * each);
  });

  it("keeps the half of a seat that did not sign in its turn", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const reports = await reportEpochs(network, 1, [1, 2, 3]);
    await pastHorizon(network, 1);
    await network.fees.collect(summaries(reports));
    expect(await feesOfSeats(network), "fees").to.deep.equal([0n, FEE / 6n, FEE / 6n, FEE / 6n]);
  });

  it("pays a report once", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const [report] = summaries(await reportEpochs(network, 1));
    await pastHorizon(network, 1);
    await network.fees.collect([report, report]);
    const paid = await feesOfSeats(network);
    await network.fees.collect([report]);
    expect(await feesOfSeats(network), "fees").to.deep.equal(paid);
    expect(await network.fees.isPaid(0, FIRST_EPOCH), "paid").to.equal(true);
  });

  it("refuses reports that are not final", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const reports = await reportEpochs(network, 1);
    await expect(network.fees.collect(summaries(reports))).to.be.revertedWithCustomError(
      network.fees,
      "CommitteeFees_NotFinal",
    );
  });

  it("refuses reports that were proven forged", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const bad = attest(network, 0, FIRST_EPOCH, { sequence: 0n });
    const accepted = await acceptReport(network, { epoch: FIRST_EPOCH, leaves: new Map([[0, bad]]) });
    const leaf = await openLeaf(network, accepted, 0);
    const salt = await claim(network, network.bob, leafEvidence(accepted, leafHashOf(leaf, bad.digest)));
    const support = { ...NO_SUPPORT, salt };
    await network.disputes.connect(network.bob).proveInvalid(accepted.summary, leaf, FLAW.Sequence, support);
    await pastHorizon(network, 1);
    await expect(network.fees.collect([accepted.summary]))
      .to.be.revertedWithCustomError(network.fees, "CommitteeFees_Forged")
      .withArgs(FIRST_EPOCH, 0);
  });

  it("leaves reports of which a challenge has not ended, and pays them later", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const { fees, disputes } = network;
    const rawLeaves = new Map([[0, id("garbage") as Hex]]);
    const silent = await acceptReport(network, { epoch: FIRST_EPOCH, leaves: new Map(), rawLeaves });
    const shown = await honestReport(network, FIRST_EPOCH + 1);
    const withheld = await challenge(network, silent, 0);
    const answered = await challenge(network, shown, 0);
    await disputes.connect(seatWallet(network, 0)).respond(answered, ...answer(shown, 0, 0));
    await goToEpoch(network, FIRST_EPOCH + HORIZON + 4);
    await fees.collect(summaries([silent, shown]));
    expect(await fees.reserve(), "reserve while they are challenged").to.equal(1_000n * MESH);
    for (const { digest } of [silent, shown]) expect(await disputes.unresolvedIn(digest), "challenges").to.equal(1n);
    await disputes.dismissChallenge(answered);
    await disputes.expireChallenge(withheld);
    for (const { digest } of [silent, shown]) expect(await disputes.unresolvedIn(digest), "challenges").to.equal(0n);
    await fees.collect(summaries([shown]));
    expect(await fees.isPaid(0, FIRST_EPOCH + 1), "answered").to.equal(true);
    await expect(fees.collect(summaries([silent])))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_Forged")
      .withArgs(FIRST_EPOCH, 0);
  });

  it("refuses reports that the bridge does not know", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const [report] = summaries(await reportEpochs(network, 1));
    await pastHorizon(network, 1);
    for (const forged of [
      { ...report, signers: 15n },
      { ...report, epoch: report.epoch + 1n },
    ]) {
      await expect(network.fees.collect([forged])).to.be.revertedWithCustomError(
        network.offences,
        "Evidence_UnknownReport",
      );
    }
  });

  it("takes nothing of nothing", async () => {
    const { fees } = await networkHelpers.loadFixture(fundedNetwork);
    await expect(fees.fund(0n)).to.be.revertedWithCustomError(fees, "CommitteeFees_ZeroAmount");
  });

  it("never pays more than the reserve", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    await setParameter(network, "reportFee", 100n * MESH);
    const reports = await reportEpochs(network, 1);
    await pastHorizon(network, 1);
    const { fees, token, timelockSigner } = network;
    const small = await ethers.deployContract("CommitteeFees", [
      token,
      network.bridge,
      network.committee,
      network.disputes,
      network.parameters,
    ]);
    await token.connect(timelockSigner).approve(await small.getAddress(), 60n);
    await small.connect(timelockSigner).getFunction("fund")(60n);
    await small.collect(summaries(reports));
    expect(await small.reserve(), "reserve").to.equal(60n);
    expect(await small.isPaid(0, FIRST_EPOCH), "paid").to.equal(false);
    await token.connect(timelockSigner).approve(await small.getAddress(), 100n * MESH);
    await small.connect(timelockSigner).getFunction("fund")(100n * MESH);
    await small.collect(summaries(reports));
    expect(await small.feesOf(network.members[0].address), "leader").to.be.greaterThan(50n * MESH);
    expect(await small.reserve(), "reserve").to.be.lessThan(100n);
    expect(await fees.reserve(), "other reserve").to.equal(1_000n * MESH);
  });
});

describe("CommitteeFees: withdraw", () => {
  it("pays what was credited, to the member", async () => {
    const network = await networkHelpers.loadFixture(fundedNetwork);
    const reports = await reportEpochs(network, 1);
    await pastHorizon(network, 1);
    const { fees, token, mallory, members } = network;
    await fees.collect(summaries(reports));
    const { address } = members[1];
    const before = (await token.balanceOf(address)) as bigint;
    await fees.connect(mallory).withdraw(address);
    expect(((await token.balanceOf(address)) as bigint) - before, "paid").to.equal(FEE / 6n);
    await expect(fees.withdraw(address)).to.be.revertedWithCustomError(fees, "CommitteeFees_ZeroAmount");
  });
});

describe("CommitteeFees: removeSilent", () => {
  /** The least the table allows is 32 reports. */
  const NEEDED = 32;

  async function silentNetwork() {
    const network = await fundedNetwork();
    await setParameter(network, "committeeSilentReports", BigInt(NEEDED));
    await setParameter(network, "committeeMinSeats", 3n);
    const start = Number((await network.bridge.currentEpoch()) as bigint);
    const reports: Accepted[] = [];
    for (let i = 0; i < NEEDED; i++) {
      reports.push(await acceptReport(network, { epoch: start + i, leaves: new Map(), seats: [0, 1, 2] }));
    }
    return { ...network, reports };
  }

  it("takes the seat of a member that signed nothing", async () => {
    const { fees, committee, members, reports } = await networkHelpers.loadFixture(silentNetwork);
    const { address } = members[3];
    await expect(fees.removeSilent(address, summaries(reports)))
      .to.emit(fees, "SilentMemberRemoved")
      .withArgs(address, 0, NEEDED, reports.at(-1)!.report.epoch);
    expect(await committee.membersOf(2), "members").to.deep.equal(members.slice(0, 3).map((member) => member.address));
    expect((await committee.relayerOf(address)).bond, "bond").to.equal(100_000n * MESH);
  });

  it("seats the first candidate in its place", async () => {
    const network = await networkHelpers.loadFixture(silentNetwork);
    const { fees, committee, members, reports, timelockSigner, bob } = network;
    await bondRelayer(network, bob);
    await committee.connect(timelockSigner).admit(bob.address, 0);
    await networkHelpers.time.increase(2 * 600);
    await fees.removeSilent(members[3].address, summaries(reports));
    const seated = (await committee.membersOf(2)) as string[];
    expect(seated, "candidate").to.include(bob.address);
    expect(seated.length, "seats").to.equal(4);
    expect(await committee.candidates(), "queue").to.deep.equal([]);
  });

  it("leaves a silent member where the committee needs its seat, until a candidate can take it", async () => {
    const network = await networkHelpers.loadFixture(silentNetwork);
    const { fees, committee, members, reports, timelockSigner, bob } = network;
    const { address } = members[3];
    await setParameter(network, "committeeMinSeats", 4n);
    await expect(fees.removeSilent(address, summaries(reports))).to.be.revertedWithCustomError(
      committee,
      "RelayerCommittee_NobodyToSeat",
    );
    expect(await committee.latestVersion(), "the committee goes on").to.equal(1n);
    await bondRelayer(network, bob);
    await committee.connect(timelockSigner).admit(bob.address, 0);
    await networkHelpers.time.increase(2 * 600);
    await fees.removeSilent(address, summaries(reports));
    expect(await committee.membersOf(2), "candidate")
      .to.include(bob.address)
      .and.to.have.length(4);
  });

  it("spares members that signed, and too short runs", async () => {
    const { fees, members, reports } = await networkHelpers.loadFixture(silentNetwork);
    const all = summaries(reports);
    await expect(fees.removeSilent(members[1].address, all)).to.be.revertedWithCustomError(
      fees,
      "CommitteeFees_HasSigned",
    );
    await expect(fees.removeSilent(members[3].address, all.slice(1)))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_TooFewReports")
      .withArgs(NEEDED - 1, NEEDED);
  });

  it("spares a member whose signature the senders of reports leave out, once it is shown", async () => {
    const { fees, members, reports } = await networkHelpers.loadFixture(silentNetwork);
    const [, , , left] = members;
    const all = summaries(reports);
    const signatureOf = (member: typeof left, { digest }: Accepted) => member.signEcdsa(digest);
    const stranger = ethers.Wallet.createRandom();
    const { epoch } = all[NEEDED - 1];
    await expect(fees.showSignature(all[NEEDED - 1], stranger.signingKey.sign(reports[NEEDED - 1].digest).serialized))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_NotMember")
      .withArgs(stranger.address, epoch);
    await expect(fees.showSignature(all[NEEDED - 1], "0x1234"))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_NotMember")
      .withArgs(ethers.ZeroAddress, epoch);
    const forged = { ...all[NEEDED - 1], root: reports[0].digest };
    await expect(fees.showSignature(forged, signatureOf(left, reports[NEEDED - 1]))).to.be.revertedWithCustomError(
      fees,
      "Evidence_UnknownReport",
    );
    await expect(fees.showSignature(all[0], signatureOf(left, reports[0]))).to.be.revertedWithCustomError(
      fees,
      "CommitteeFees_NotRecent",
    );
    await fees.showSignature(all[NEEDED - 1], signatureOf(left, reports[NEEDED - 1]));
    await expect(fees.removeSilent(left.address, all))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_HasSigned")
      .withArgs(left.address, epoch);
  });

  it("remembers the newest signature that a member showed", async () => {
    const { fees, members, reports } = await networkHelpers.loadFixture(silentNetwork);
    const [, , , left] = members;
    for (const shown of [NEEDED - 1, NEEDED - 2]) {
      await fees.showSignature(reports[shown].summary, left.signEcdsa(reports[shown].digest));
    }
    await expect(fees.removeSilent(left.address, summaries(reports)))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_HasSigned")
      .withArgs(left.address, reports[NEEDED - 1].summary.epoch);
  });

  it("counts a report once", async () => {
    const { fees, members, reports } = await networkHelpers.loadFixture(silentNetwork);
    const all = summaries(reports);
    await expect(fees.removeSilent(members[3].address, [...all.slice(1), all[NEEDED - 1]]))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_NotInARow")
      .withArgs(all[NEEDED - 1].epoch, all[NEEDED - 1].epoch);
  });

  it("does not spare a member for good that showed one signature", async () => {
    const network = await networkHelpers.loadFixture(silentNetwork);
    const { fees, members, reports, bridge } = network;
    const [, , , left] = members;
    const newest = reports[NEEDED - 1];
    await fees.showSignature(newest.summary, left.signEcdsa(newest.digest));
    const later: Accepted[] = [];
    const start = Number((await bridge.nextEpoch(0)) as bigint);
    for (let i = 0; i < NEEDED; i++) {
      later.push(await acceptReport(network, { epoch: start + i, leaves: new Map(), seats: [0, 1, 2] }));
    }
    await fees.removeSilent(left.address, summaries(later));
  });

  it("asks for two reports of each seat, however few are governed", async () => {
    const network = await networkHelpers.loadFixture(silentNetwork);
    const { table } = await deployTable([{ id: "committeeSilentReports", value: 1n }]);
    const { token, bridge, committee, disputes, members, reports } = network;
    const fees = await ethers.deployContract("CommitteeFees", [token, bridge, committee, disputes, table]);
    const newest = summaries(reports).slice(-7);
    await expect(fees.getFunction("removeSilent")(members[3].address, newest))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_TooFewReports")
      .withArgs(7, 8);
  });

  it("refuses runs with a gap, or that are over", async () => {
    const network = await networkHelpers.loadFixture(silentNetwork);
    const { fees, members, reports, bridge } = network;
    const all = summaries(reports);
    const { address } = members[3];
    await expect(fees.removeSilent(address, [...all.slice(0, 5), ...all.slice(6), all[5]]))
      .to.be.revertedWithCustomError(fees, "CommitteeFees_NotInARow")
      .withArgs(all[4].epoch, all[6].epoch);
    const current = (await bridge.currentEpoch()) as bigint;
    await goToEpoch(network, Number(current) + 12);
    await bridge.markUnreported(0, 100n);
    await expect(fees.removeSilent(address, all)).to.be.revertedWithCustomError(fees, "CommitteeFees_NotRecent");
  });
});
