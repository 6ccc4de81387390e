import { expect } from "chai";
import { concat, toBeHex, zeroPadValue } from "ethers";
import { bondRelayer, networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, deployedNetwork, MIN_BOND, passEpochs, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

describe("RelayerCommittee: setCommittee", () => {
  it("takes effect two epochs later", async () => {
    const { committee, timelockSigner, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    const sent = await committee.connect(timelockSigner).setCommittee(seats);
    const from = ((await committee.currentEpoch()) as bigint) + 2n;
    await expect(sent).to.emit(committee, "CommitteeSet").withArgs(1, from, seats);
    expect(await committee.activationOf(1), "activation").to.equal(from);
    expect(await committee.versionAt(from), "version").to.equal(1n);
    await expect(committee.versionAt(from - 1n))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownVersion")
      .withArgs(0);
    expect((await committee.relayerOf(seats[2])).lastVersion, "last version of a member").to.equal(1n);
  });

  it("returns the members packed in seat order", async () => {
    const { committee, timelockSigner, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    await committee.connect(timelockSigner).setCommittee(seats);
    const from = (await committee.activationOf(1)) as bigint;
    expect(await committee.committeeFor(from), "committee").to.deep.equal([1n, concat(seats).toLowerCase()]);
    expect(await committee.membersOf(1), "members").to.deep.equal(seats);
  });

  it("reads one slot and one code for a report", async () => {
    const { committee, timelockSigner, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    await committee.connect(timelockSigner).setCommittee(seats);
    const from = (await committee.activationOf(1)) as bigint;
    const gas = (await committee.committeeFor.estimateGas(from)) - 21_000n;
    expect(gas, "gas above a transaction").to.be.lessThan(7_500n);
  });

  it("seats a hundred members", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, token, timelockSigner } = network;
    const spender = await committee.getAddress();
    const seats: string[] = [];
    for (let i = 1; i <= 100; i++) {
      const member = await ethers.getImpersonatedSigner(zeroPadValue(toBeHex(0x10000 + i), 20));
      await networkHelpers.setBalance(member.address, 10n ** 18n);
      await token.connect(timelockSigner).transfer(member.address, MIN_BOND);
      await token.connect(member).approve(spender, MIN_BOND);
      await bondRelayer(network, member);
      seats.push(member.address);
    }
    await committee.connect(timelockSigner).setCommittee(seats);
    expect(await committee.membersOf(1), "members").to.deep.equal(seats);
    expect(await committee.quorumOf(1), "quorum").to.equal(67n);
    await expect(committee.connect(timelockSigner).setCommittee([...seats, network.seats[3]]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_SeatCount")
      .withArgs(101, 1, 100);
  });

  it("obeys the timelock only", async () => {
    const { committee, council, deployer, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    const timelock = (await committee.timelock()) as string;
    for (const stranger of [council, deployer]) {
      await expect(committee.connect(stranger).setCommittee(seats))
        .to.be.revertedWithCustomError(committee, "Governed_NotTimelock")
        .withArgs(stranger.address, timelock);
    }
  });

  it("refuses too few or too many seats", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, seats } = network;
    await setParameter(network, "committeeMinSeats", 4n);
    await setParameter(network, "committeeMaxSeats", 4n);
    await expect(committee.connect(timelockSigner).setCommittee(seats.slice(1)))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_SeatCount")
      .withArgs(3, 4, 4);
    await expect(committee.connect(timelockSigner).setCommittee([...seats, seats[0]]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_SeatCount")
      .withArgs(5, 4, 4);
  });

  it("refuses members out of order or listed twice", async () => {
    const { committee, timelockSigner, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    const [first, second] = seats;
    for (const members of [
      [second, first],
      [first, first],
    ]) {
      await expect(committee.connect(timelockSigner).setCommittee(members))
        .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotAscending")
        .withArgs(members[0], members[1]);
    }
    await expect(committee.connect(timelockSigner).setCommittee([ethers.ZeroAddress]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotAscending")
      .withArgs(ethers.ZeroAddress, ethers.ZeroAddress);
  });

  it("refuses relayers it does not know", async () => {
    const { committee, timelockSigner, faucet } = await networkHelpers.loadFixture(networkWithRelayers);
    await expect(committee.connect(timelockSigner).setCommittee([faucet.address]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownRelayer")
      .withArgs(faucet.address);
  });

  it("refuses a bond below the minimum", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, seats } = network;
    await setParameter(network, "committeeBond", MIN_BOND + 1n);
    await expect(committee.connect(timelockSigner).setCommittee(seats))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotBonded")
      .withArgs(seats[0], MIN_BOND, MIN_BOND + 1n);
  });

  it("refuses relayers that are leaving", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, relayers, seats } = network;
    const seated = committee.connect(timelockSigner);
    await committee.connect(relayers[3]).requestBondRelease();
    await expect(seated.setCommittee(seats))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Leaving")
      .withArgs(seats[3]);
    await seated.setCommittee(seats.slice(0, 3));
    await committee.connect(relayers[1]).resign();
    await expect(seated.setCommittee(seats.slice(0, 3)))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Leaving")
      .withArgs(seats[1]);
  });
});

describe("RelayerCommittee: versions", () => {
  it("answers for every epoch", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, seats } = network;
    const activations: bigint[] = [];
    for (let i = 1; i <= 6; i++) {
      await committee.connect(timelockSigner).setCommittee(seats.slice(0, 1 + (i % 4)));
      activations.push((await committee.activationOf(i)) as bigint);
      await passEpochs(network, 1 + (i % 3));
    }
    expect(await committee.latestVersion(), "latest version").to.equal(6n);
    for (let epoch = activations[0]; epoch <= activations[5] + 1n; epoch++) {
      const expected = activations.findLastIndex((from) => from <= epoch) + 1;
      expect(await committee.versionAt(epoch), `version in epoch ${epoch}`).to.equal(expected);
      const packed = concat(seats.slice(0, 1 + (expected % 4))).toLowerCase();
      expect(await committee.committeeFor(epoch), `committee in epoch ${epoch}`).to.deep.equal([
        BigInt(expected),
        packed,
      ]);
    }
  });

  it("lets a version of the same epoch win", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, seats } = network;
    await passEpochs(network, 1);
    await committee.connect(timelockSigner).setCommittee(seats);
    await committee.connect(timelockSigner).setCommittee(seats.slice(1));
    const from = (await committee.activationOf(1)) as bigint;
    expect(await committee.activationOf(2), "activation of the second").to.equal(from);
    expect(await committee.versionAt(from), "version").to.equal(2n);
    await passEpochs(network, 3);
    await committee.connect(timelockSigner).setCommittee(seats);
    expect(await committee.versionAt(from), "version in the past").to.equal(2n);
  });

  it("needs more than two thirds of the seats", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, seats, others } = network;
    for (const other of others.slice(0, 3)) await bondRelayer(network, other);
    const all = [...seats, ...others.slice(0, 3).map(({ address }) => address)];
    const ascending = all.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    for (let n = 1; n <= ascending.length; n++) {
      await committee.connect(timelockSigner).setCommittee(ascending.slice(0, n));
      const quorum = (await committee.quorumOf(n)) as bigint;
      expect(3n * quorum > 2n * BigInt(n), `${n} seats: more than two thirds`).to.equal(true);
      expect(3n * (quorum - 1n) > 2n * BigInt(n), `${n} seats: one less is not`).to.equal(false);
    }
  });

  it("has no version in force", async () => {
    const { committee } = await networkHelpers.loadFixture(deployedNetwork);
    expect(await committee.latestVersion(), "latest version").to.equal(0n);
    for (const view of [() => committee.versionAt(0), () => committee.committeeFor(100)]) {
      await expect(view()).to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownVersion").withArgs(0);
    }
  });

  it("refuses unknown versions and relayers", async () => {
    const { committee, faucet } = await networkHelpers.loadFixture(deployedNetwork);
    for (const view of [() => committee.membersOf(1), () => committee.activationOf(1), () => committee.quorumOf(1)]) {
      await expect(view()).to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownVersion").withArgs(1);
    }
    await expect(committee.relayerOf(faucet.address))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownRelayer")
      .withArgs(faucet.address);
  });
});
