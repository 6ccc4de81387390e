import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { bondRelayer, networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, MIN_BOND, passEpochs, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

/** A committee of four, the fewest there may be, and a signer in the place of the contract that judges leaves. */
async function smallestCommittee() {
  const network = await networkWithRelayers();
  const { committee, timelockSigner, deployment, seats } = network;
  await setParameter(network, "committeeMinSeats", 4n);
  await committee.connect(timelockSigner).setCommittee(seats);
  const judge = await ethers.getImpersonatedSigner(deployment.contracts.AttestationDisputes);
  await networkHelpers.setBalance(judge.address, 10n ** 18n);
  const jail = (members: string[]) =>
    committee.connect(judge).punish([id("forged"), members, 200n, ZeroAddress, false]) as Promise<unknown>;
  return { ...network, jail };
}

/** A fifth relayer that may take a seat; returns its address. */
async function admitFifth(network: Awaited<ReturnType<typeof smallestCommittee>>): Promise<string> {
  const { committee, token, timelockSigner, others } = network;
  const [fifth] = others;
  await token.connect(timelockSigner).transfer(fifth.address, MIN_BOND);
  await token.connect(fifth).approve(committee, MIN_BOND);
  await bondRelayer(network, fifth);
  await committee.connect(timelockSigner).admit(fifth.address, 0);
  await passEpochs(network, 3);
  return fifth.address;
}

describe("RelayerCommittee: seats of jailed members", () => {
  it("are kept while a set that would be too small tolerates them", async () => {
    const { committee, seats, jail } = await networkHelpers.loadFixture(smallestCommittee);
    await expect(jail([seats[0]])).not.to.emit(committee, "CommitteeSet");
    expect(await committee.membersOf(await committee.latestVersion()), "members").to.deep.equal(seats);
  });

  it("are taken with all others when a set that would be too small does not tolerate them", async () => {
    const network = await networkHelpers.loadFixture(smallestCommittee);
    const { committee, seats, jail } = network;
    await jail([seats[0]]);
    await jail([seats[1]]);
    expect(await committee.membersOf(await committee.latestVersion()), "members").to.deep.equal([]);
    await passEpochs(network, 2);
    const epoch = (await committee.currentEpoch()) as bigint;
    expect(await committee.committeeFor(epoch), "nobody reports").to.deep.equal([2n, "0x"]);
  });

  it("go to a candidate, who comes in their place", async () => {
    const network = await networkHelpers.loadFixture(smallestCommittee);
    const { committee, seats, jail } = network;
    const fifth = await admitFifth(network);
    await jail([seats[0]]);
    await committee.fillSeats();
    const members = (await committee.membersOf(2)) as string[];
    expect([...members].sort(), "members").to.deep.equal([...seats.slice(1), fifth].sort());
  });

  it("are kept beside a candidate's where the DAO asks for more seats meanwhile", async () => {
    const network = await networkHelpers.loadFixture(smallestCommittee);
    const { committee, seats, jail } = network;
    const fifth = await admitFifth(network);
    await jail([seats[0]]);
    await setParameter(network, "committeeMinSeats", 5n);
    expect((await committee.relayerOf(seats[0])).frozenUntil > (await networkHelpers.time.latest())).to.equal(true);
    await committee.fillSeats();
    const members = (await committee.membersOf(2)) as string[];
    expect([...members].sort(), "members").to.deep.equal([...seats, fifth].sort());
  });

  it("are not filled below the minimum after a set was dissolved", async () => {
    const network = await networkHelpers.loadFixture(smallestCommittee);
    const { committee, timelockSigner, seats, jail } = network;
    await setParameter(network, "committeeMinSeats", 1n);
    await committee.connect(timelockSigner).setCommittee(seats.slice(0, 2));
    await setParameter(network, "committeeMinSeats", 2n);
    await jail([seats[0]]);
    expect(await committee.membersOf(3), "too few").to.deep.equal([]);
    await committee.connect(timelockSigner).admit(seats[3], 0);
    await passEpochs(network, 3);
    await expect(committee.fillSeats()).to.be.revertedWithCustomError(committee, "RelayerCommittee_NobodyToSeat");
  });

  it("counts barred members as jailed after their freeze has ended", async () => {
    const { committee, seats, deployment } = await networkHelpers.loadFixture(smallestCommittee);
    const judge = await ethers.getImpersonatedSigner(deployment.contracts.MemberOffences);
    await networkHelpers.setBalance(judge.address, 10n ** 18n);
    const convict = async (seat: string) => {
      await committee.connect(judge).punish([id(`equivocation of ${seat}`), [seat], 5_000n, ZeroAddress, true]);
    };
    await convict(seats[0]);
    expect(await committee.membersOf(await committee.latestVersion()), "one of four is tolerated").to.have.length(4);
    await networkHelpers.time.increaseTo((await committee.relayerOf(seats[0])).frozenUntil + 1n);
    await convict(seats[1]);
    expect(await committee.membersOf(await committee.latestVersion()), "two of four are not").to.deep.equal([]);
  });
});
