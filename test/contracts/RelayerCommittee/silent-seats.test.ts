import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { bondRelayer, networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, passEpochs, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
type Network = Awaited<ReturnType<typeof networkWithRelayers>>;

/** A committee of four at its minimum, with a signer in the place of the contracts that unseat and jail. */
async function committeeAtMinimum() {
  const network = await networkWithRelayers();
  const { committee, timelockSigner, deployment, seats } = network;
  await setParameter(network, "committeeMinSeats", 4n);
  await committee.connect(timelockSigner).setCommittee(seats);
  const fees = await ethers.getImpersonatedSigner(deployment.contracts.CommitteeFees);
  await networkHelpers.setBalance(fees.address, 10n ** 18n);
  return { ...network, asArbiter: committee.connect(fees) };
}

/** Has the DAO admit one more relayer, who may sit by the end. */
async function admitAnother(network: Network, position = 0): Promise<string> {
  const { committee, timelockSigner, others } = network;
  const wallet = others[position];
  await bondRelayer(network, wallet);
  await committee.connect(timelockSigner).admit(wallet.address, 0);
  await passEpochs(network, 3);
  return wallet.address;
}

const inOrder = (members: string[]): string[] => members.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

describe("RelayerCommittee: seats of silent members", () => {
  it("are kept by a committee at its minimum while nobody can take them", async () => {
    const network = await networkHelpers.loadFixture(committeeAtMinimum);
    const { committee, asArbiter, seats } = network;
    await expect(asArbiter.unseat(seats[0])).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
    expect(await committee.latestVersion(), "no other committee").to.equal(1n);
    const fifth = await admitAnother(network);
    await expect(asArbiter.unseat(seats[0])).to.emit(committee, "RelayerUnseated").withArgs(seats[0]);
    expect(await committee.membersOf(2), "members").to.deep.equal(inOrder([...seats.slice(1), fifth]));
    expect(await committee.candidates(), "queue").to.deep.equal([]);
  });

  it("are taken where enough members are left", async () => {
    const network = await networkHelpers.loadFixture(committeeAtMinimum);
    const { committee, asArbiter, seats } = network;
    await setParameter(network, "committeeMinSeats", 3n);
    await asArbiter.unseat(seats[0]);
    expect(await committee.membersOf(2), "members").to.deep.equal(seats.slice(1));
    await expect(asArbiter.unseat(seats[1])).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
    await expect(asArbiter.unseat(seats[0]))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotSeated")
      .withArgs(seats[0]);
  });
});

describe("RelayerCommittee: candidates of a committee below its minimum", () => {
  it("take the seats of jailed members that it does not tolerate", async () => {
    const network = await networkHelpers.loadFixture(committeeAtMinimum);
    const { committee, asArbiter, seats } = network;
    const joining = [await admitAnother(network, 0), await admitAnother(network, 1)];
    await asArbiter.punish([id("forged"), seats.slice(0, 2), 200n, ZeroAddress, false]);
    expect(await committee.membersOf(2), "members").to.deep.equal(inOrder([...seats.slice(2), ...joining]));
    expect(await committee.candidates(), "queue").to.deep.equal([]);
  });

  it("go on waiting when it is dissolved all the same", async () => {
    const network = await networkHelpers.loadFixture(committeeAtMinimum);
    const { committee, asArbiter, relayers, seats } = network;
    const fifth = await admitAnother(network);
    const waiting = async () =>
      (await committee.candidates()).map(({ relayer }: { relayer: string }) => relayer) as string[];
    await setParameter(network, "committeeMinSeats", 5n);
    await committee.connect(relayers[0]).resign();
    await passEpochs(network, 7);
    await committee.vacateSeat(seats[0]);
    expect(await committee.membersOf(2), "dissolved").to.deep.equal([]);
    expect(await waiting(), "by a vacated seat").to.deep.equal([fifth]);
    await setParameter(network, "committeeMinSeats", 1n);
    await committee.connect(network.timelockSigner).setCommittee(seats.slice(1));
    await setParameter(network, "committeeMinSeats", 5n);
    await asArbiter.punish([id("forged"), seats.slice(1, 3), 200n, ZeroAddress, false]);
    expect(await committee.membersOf(4), "dissolved").to.deep.equal([]);
    expect(await waiting(), "by a jail").to.deep.equal([fifth]);
  });
});
