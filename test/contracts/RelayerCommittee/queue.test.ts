import { expect } from "chai";
import { networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, passEpochs, setParameter } from "../support/deployed-network.ts";

const { networkHelpers } = connection;

/** Seats 0 and 1 of four bonded relayers are taken; the others may be admitted. */
async function committeeOfTwo() {
  const network = await networkWithRelayers();
  const asTimelock = network.committee.connect(network.timelockSigner);
  await asTimelock.setCommittee(network.seats.slice(0, 2));
  return { ...network, asTimelock };
}

describe("RelayerCommittee: queue", () => {
  it("seats candidates after the delay, in ascending order", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats } = network;
    await asTimelock.admit(seats[3], 0);
    await asTimelock.admit(seats[2], 0);
    await expect(committee.fillSeats()).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
    await passEpochs(network, 3);
    await committee.fillSeats();
    expect(await committee.membersOf(2), "members").to.deep.equal(seats);
    expect(await committee.candidates(), "queue").to.deep.equal([]);
  });

  it("seats in the order of the queue when seats are few", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats } = network;
    await asTimelock.setCommittee(seats.slice(0, 3));
    await asTimelock.setCommittee(seats.slice(0, 2));
    await setParameter(network, "committeeMaxSeats", 4n);
    await asTimelock.admit(seats[3], 0);
    await asTimelock.admit(seats[2], 0);
    await passEpochs(network, 3);
    await committee.connect(network.relayers[0]).resign();
    await passEpochs(network, 7);
    await committee.vacateSeat(seats[0]);
    expect(await committee.membersOf(4), "members").to.deep.equal([seats[1], seats[3]]);
    expect((await committee.candidates()).length, "one waits").to.equal(1);
  });

  it("keeps a region below its share of the seats", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats } = network;
    await setParameter(network, "committeeMaxSeats", 4n);
    await setParameter(network, "committeeRegionBp", 3_333n);
    await asTimelock.admit(seats[2], 7);
    await asTimelock.admit(seats[3], 7);
    await passEpochs(network, 3);
    await committee.fillSeats();
    expect(await committee.membersOf(2), "members").to.deep.equal(seats.slice(0, 3));
    await expect(committee.fillSeats()).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
    await asTimelock.dismiss(seats[3]);
    await asTimelock.admit(seats[3], 8);
    await passEpochs(network, 3);
    await committee.fillSeats();
    expect(await committee.membersOf(3), "members with another region").to.deep.equal(seats);
  });

  it("refuses members, strangers and those who wait already", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats, council, faucet } = network;
    await expect(asTimelock.admit(seats[0], 0))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Seated")
      .withArgs(seats[0], 1);
    await expect(asTimelock.admit(faucet.address, 0))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownRelayer")
      .withArgs(faucet.address);
    await asTimelock.admit(seats[2], 0);
    await expect(asTimelock.admit(seats[2], 0))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Queued")
      .withArgs(seats[2]);
    await expect(committee.connect(council).dismiss(seats[2]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotYours")
      .withArgs(council.address, seats[2]);
    await expect(asTimelock.dismiss(seats[3]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotQueued")
      .withArgs(seats[3]);
  });

  it("passes over candidates that are leaving, and lets them go", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats, relayers } = network;
    await asTimelock.admit(seats[2], 0);
    await asTimelock.admit(seats[3], 0);
    await committee.connect(relayers[2]).requestBondRelease();
    await passEpochs(network, 3);
    await committee.fillSeats();
    expect(await committee.membersOf(2), "members").to.deep.equal([seats[0], seats[1], seats[3]]);
    await expect(committee.connect(relayers[2]).dismiss(seats[2]))
      .to.emit(committee, "RelayerDismissed")
      .withArgs(seats[2]);
  });

  it("takes who is named by the DAO out of the queue, so that it is not seated again when it leaves", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats, relayers } = network;
    await asTimelock.admit(seats[2], 0);
    await asTimelock.admit(seats[3], 0);
    await asTimelock.setCommittee(seats.slice(0, 3));
    expect((await committee.candidates()).map(({ relayer }: { relayer: string }) => relayer)).to.deep.equal([seats[3]]);
    await committee.connect(relayers[2]).resign();
    await passEpochs(network, 7);
    await committee.vacateSeat(seats[2]);
    expect(await committee.membersOf(3), "members").to.deep.equal([seats[0], seats[1], seats[3]]);
    await passEpochs(network, 3);
    await expect(committee.connect(relayers[2]).requestBondRelease()).to.emit(committee, "BondReleaseRequested");
  });
});
