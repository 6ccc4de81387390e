import { expect } from "chai";
import { toBeHex, zeroPadValue } from "ethers";
import { bondRelayer, networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, MIN_BOND, passEpochs, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

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

  it("has room for 32", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, token, timelockSigner } = network;
    for (let i = 0; i < 33; i++) {
      const relayer = await ethers.getImpersonatedSigner(zeroPadValue(toBeHex(0x20000 + i), 20));
      await networkHelpers.setBalance(relayer.address, 10n ** 18n);
      await token.connect(timelockSigner).transfer(relayer.address, MIN_BOND);
      await token.connect(relayer).approve(committee, MIN_BOND);
      await bondRelayer(network, relayer);
      if (i < 32) await asTimelock.admit(relayer.address, 0);
      else {
        await expect(asTimelock.admit(relayer.address, 0))
          .to.be.revertedWithCustomError(committee, "RelayerCommittee_QueueFull")
          .withArgs(32, 32);
      }
    }
  });

  it("seats nobody while there are more members than seats", async () => {
    const network = await networkHelpers.loadFixture(committeeOfTwo);
    const { committee, asTimelock, seats, others } = network;
    await bondRelayer(network, others[0]);
    const five = [...seats, others[0].address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    await asTimelock.setCommittee(five);
    await setParameter(network, "committeeMaxSeats", 4n);
    await bondRelayer(network, others[1]);
    await asTimelock.admit(others[1].address, 0);
    await passEpochs(network, 3);
    await expect(committee.fillSeats()).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
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
