import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { attestationKey } from "../support/attestation-key.ts";
import { networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, MESH, MIN_BOND, passEpochs, setParameter } from "../support/deployed-network.ts";
import { deployTable } from "../support/parameter-table.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** Seats 0 and 1 of four bonded relayers are taken, 2 and 3 wait; arbiters that jail and that bar. */
async function committeeWithQueue() {
  const network = await networkWithRelayers();
  const { committee, timelockSigner, deployment, seats } = network;
  const asTimelock = committee.connect(timelockSigner);
  await asTimelock.setCommittee(seats.slice(0, 2));
  for (const candidate of seats.slice(2)) await asTimelock.admit(candidate, 0);
  await passEpochs(network, 3);
  const arbiter = await ethers.getImpersonatedSigner(deployment.contracts.MemberOffences);
  await networkHelpers.setBalance(arbiter.address, 10n ** 18n);
  const asArbiter = committee.connect(arbiter);
  const punish = (member: string, { isProven = false, reporter = ZeroAddress, shareBp = 0n } = {}) =>
    asArbiter.punish([id(`offence of ${member}`), [member], shareBp, reporter, isProven]) as Promise<unknown>;
  const newest = async () => (await committee.membersOf(await committee.latestVersion())) as string[];
  return { ...network, asTimelock, asArbiter, punish, newest };
}

describe("RelayerCommittee: candidates that are not fit", () => {
  it("are passed over while they are jailed, and seated afterwards", async () => {
    const { committee, asArbiter, seats, punish, newest } = await networkHelpers.loadFixture(committeeWithQueue);
    await punish(seats[2]);
    await asArbiter.unseat(seats[0]);
    expect(await newest(), "while jailed").to.deep.equal([seats[1], seats[3]]);
    await networkHelpers.time.increaseTo((await committee.relayerOf(seats[2])).frozenUntil);
    await committee.fillSeats();
    expect(await newest(), "afterwards").to.deep.equal(seats.slice(1));
  });

  it("are passed over for ever when they are barred", async () => {
    const { committee, asArbiter, seats, punish, newest } = await networkHelpers.loadFixture(committeeWithQueue);
    await punish(seats[2], { isProven: true });
    await networkHelpers.time.increaseTo((await committee.relayerOf(seats[2])).frozenUntil);
    await asArbiter.unseat(seats[0]);
    expect(await newest(), "members").to.deep.equal([seats[1], seats[3]]);
  });

  it("are passed over when their bond is below what is asked for now", async () => {
    const network = await networkHelpers.loadFixture(committeeWithQueue);
    const { committee, relayers, seats, newest } = network;
    await setParameter(network, "committeeBond", MIN_BOND + 1n);
    await committee.connect(relayers[3]).bond(1n, "0x", "https://more.example");
    await committee.fillSeats();
    expect(await newest(), "members").to.deep.equal([seats[0], seats[1], seats[3]]);
  });

  it("may have one seat of a region, however small its share", async () => {
    const network = await networkHelpers.loadFixture(committeeWithQueue);
    const { committee, asTimelock, seats, newest } = network;
    await setParameter(network, "committeeMaxSeats", 4n);
    await setParameter(network, "committeeRegionBp", 1_000n);
    for (const candidate of seats.slice(2)) {
      await asTimelock.dismiss(candidate);
      await asTimelock.admit(candidate, 7);
    }
    await passEpochs(network, 3);
    await committee.fillSeats();
    expect(await newest(), "members").to.deep.equal(seats.slice(0, 3));
  });
});

describe("RelayerCommittee: relayers without a seat", () => {
  it("cannot be unseated when they never had one, nor before there is a committee", async () => {
    const { committee, deployment, timelockSigner, seats } = await networkHelpers.loadFixture(networkWithRelayers);
    const arbiter = await ethers.getImpersonatedSigner(deployment.contracts.CommitteeFees);
    await networkHelpers.setBalance(arbiter.address, 10n ** 18n);
    const expectRefused = () =>
      expect(committee.connect(arbiter).unseat(seats[2]))
        .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotSeated")
        .withArgs(seats[2]);
    await expectRefused();
    await committee.connect(timelockSigner).setCommittee(seats.slice(0, 2));
    await expectRefused();
  });

  it("cannot resign from the seat that they had", async () => {
    const network = await networkHelpers.loadFixture(committeeWithQueue);
    const { committee, asTimelock, relayers, seats } = network;
    await asTimelock.setCommittee(seats.slice(1, 3));
    await expect(committee.connect(relayers[0]).resign())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotSeated")
      .withArgs(seats[0]);
    await expect(committee.connect(relayers[1]).resign()).to.emit(committee, "RelayerResigned");
  });
});

describe("RelayerCommittee: punishments", () => {
  it("stay for ever on who is barred, also after a smaller one", async () => {
    const { committee, seats, punish } = await networkHelpers.loadFixture(committeeWithQueue);
    await punish(seats[3], { isProven: true });
    await networkHelpers.time.increaseTo((await committee.relayerOf(seats[3])).frozenUntil);
    await punish(seats[3]);
    expect((await committee.relayerOf(seats[3])).isBarred, "barred").to.equal(true);
  });

  it("are paid to the treasury alone when nobody reported the offence", async () => {
    const network = await networkHelpers.loadFixture(committeeWithQueue);
    const { committee, token, timelock, seats, punish } = network;
    await punish(seats[3], { shareBp: 5_000n });
    await networkHelpers.time.increaseTo((await committee.slashOf(1)).payableAt);
    const accounts = [await timelock.getAddress(), await committee.getAddress()];
    const changes = [MIN_BOND / 2n, -MIN_BOND / 2n];
    await expect(committee.paySlash(1)).to.changeTokenBalances(ethers, token, accounts, changes);
  });

  it("are paid to the reporter alone when the DAO promises everything", async () => {
    const { token, alice, bob, carol, timelockSigner } = await networkHelpers.loadFixture(networkWithRelayers);
    const seats = { committeeMinSeats: 1n, committeeMaxSeats: 4n, committeeBond: 1n };
    const rows = { ...seats, committeeReleaseDelay: 60n, vetoPeriod: 60n, slashReporterBp: 10_000n };
    const { table } = await deployTable(
      Object.entries(rows).map(([name, value]) => ({ id: name, value, max: 10_000n })),
    );
    const deployed = await ethers.deployContract("RelayerCommittee", [token, table, timelockSigner, 1, 60]);
    const committee = typedContract(deployed, relayerCommitteeAbi);
    const asTimelock = committee.connect(timelockSigner);
    await asTimelock.bindArbiters([carol.address]);
    await token.connect(alice).approve(deployed, MESH);
    await committee.connect(alice).bond(MESH, attestationKey("alice"), "https://alice.example");
    await asTimelock.setCommittee([alice.address]);
    await committee.connect(carol).punish([id("offence"), [alice.address], 10_000n, bob.address, false]);
    await networkHelpers.time.increase(60);
    const paid = committee.paySlash(1);
    await expect(paid).to.changeTokenBalances(ethers, token, [bob, deployed], [MESH, -MESH]);
    const { logs } = (await (await paid).wait())!;
    const transfers = logs.filter(({ address }: { address: string }) => address !== deployed.target);
    expect(transfers.length, "transfers").to.equal(1);
  });
});
