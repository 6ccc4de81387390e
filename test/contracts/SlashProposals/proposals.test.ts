import { expect } from "chai";
import { id } from "ethers";
import { DELEGATED, networkWithDelegation, OWN } from "../support/delegated-node.ts";
import { connection, MESH, passEpochs, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const BOND = 1_000n * MESH;
const STEP_SECONDS = 10;
const UNBONDING_SECONDS = 120;
const TOTAL = OWN + DELEGATED;
const EVIDENCE = id("evidence");

/** The stranger has proposed to take a tenth for the epoch before. */
async function networkWithProposal() {
  const network = await networkWithDelegation();
  const { proposals, registry, stranger } = network;
  const epoch = ((await registry.currentEpoch()) as bigint) - 1n;
  await proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE);
  return { ...network, epoch };
}

async function afterVeto() {
  const network = await networkWithProposal();
  await networkHelpers.time.increase(2 * STEP_SECONDS);
  return network;
}

describe("SlashProposals: propose", () => {
  it("pins a share of the stake of that epoch and takes the bond", async () => {
    const { proposals, token, epoch, stranger } = await networkHelpers.loadFixture(networkWithProposal);
    const proposal = (await proposals.proposalOf(1)) as { amount: bigint; epoch: bigint; proposer: string };
    expect(proposal.amount, "amount").to.equal(TOTAL / 10n);
    expect(proposal.epoch, "epoch").to.equal(epoch);
    expect(proposal.proposer, "proposer").to.equal(stranger.address);
    expect(await token.balanceOf(await proposals.getAddress()), "bond").to.equal(BOND);
  });

  it("refuses shares and epochs out of bounds, and nodes with nothing at stake", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { proposals, registry, alice, stranger } = network;
    const propose = (node: number, epoch: bigint, shareBp: number) =>
      proposals.connect(stranger).propose(node, epoch, shareBp, EVIDENCE);
    const current = (await registry.currentEpoch()) as bigint;
    for (const share of [0, 5_001]) {
      await expect(propose(0, current - 1n, share))
        .to.be.revertedWithCustomError(proposals, "SlashProposals_ShareOutOfBounds")
        .withArgs(share, 5_000);
    }
    await expect(propose(0, current + 1n, 1)).to.be.revertedWithCustomError(proposals, "SlashProposals_EpochNotOpen");
    await registry.connect(alice).registerNode(ethers.randomBytes(1952), ethers.ZeroHash);
    await expect(propose(1, current - 1n, 1_000)).to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_NothingAtStake",
    );
    await passEpochs(network, 14);
    await expect(propose(0, current - 1n, 1), "too long ago").to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_EpochNotOpen",
    );
  });

  it("holds matured unbondings of operator and delegators, and lets them go when it ends", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { proposals, staking, delegation, registry, alice, mallory, stranger } = network;
    await staking.connect(alice).requestUnbond(0, MESH);
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
    await networkHelpers.time.increase(UNBONDING_SECONDS - 10);
    const epoch = ((await registry.currentEpoch()) as bigint) - 10n;
    await proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE);
    await networkHelpers.time.increase(STEP_SECONDS);
    await expect(staking.withdraw(0, 8)).to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured");
    await expect(delegation.withdrawDelegation(0, mallory.address, 8)).to.be.revertedWithCustomError(
      delegation,
      "NodeDelegation_NothingMatured",
    );
    await proposals.connect(stranger).cancel(1);
    await staking.withdraw(0, 8);
    await delegation.withdrawDelegation(0, mallory.address, 8);
  });

  it("cannot hold an unbonding for longer than a dispute after its maturity", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { proposals, staking, registry, alice, stranger } = network;
    await staking.connect(alice).requestUnbond(0, MESH);
    await networkHelpers.time.increase(UNBONDING_SECONDS + 3 * STEP_SECONDS - 5);
    const epoch = ((await registry.currentEpoch()) as bigint) - 1n;
    await proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE);
    await networkHelpers.time.increase(5);
    await staking.withdraw(0, 8);
  });
});

describe("SlashProposals: dispute and veto", () => {
  it("executes undisputed after the veto time, by anyone, and returns the bond", async () => {
    const { proposals, staking, slashing, token, stranger, mallory } = await networkHelpers.loadFixture(afterVeto);
    const before = (await token.balanceOf(stranger.address)) as bigint;
    await expect(proposals.connect(mallory).execute(1)).to.emit(slashing, "NodeSlashPaid");
    expect(await staking.slashableOf(0), "left").to.equal((TOTAL * 9n) / 10n);
    const gained = ((await token.balanceOf(stranger.address)) as bigint) - before;
    expect(gained, "bond and reward").to.equal(BOND + TOTAL / 100n);
    expect(await staking.weightOf(0), "weight in jail").to.equal(0n);
    await expect(proposals.execute(1)).to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus");
  });

  it("does not execute early, nor while a dispute is undecided", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { proposals, alice } = network;
    await expect(proposals.execute(1)).to.be.revertedWithCustomError(proposals, "SlashProposals_TooEarly");
    await proposals.connect(alice).dispute(1);
    await expect(proposals.connect(alice).dispute(1)).to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_WrongStatus",
    );
    await networkHelpers.time.increase(2 * STEP_SECONDS);
    await expect(proposals.execute(1)).to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus");
  });

  it("ends a dispute that the DAO leaves undecided, at the price of a quarter of the accuser's bond", async () => {
    const { proposals, staking, alice, token, stranger, timelockSigner } =
      await networkHelpers.loadFixture(networkWithProposal);
    await proposals.connect(alice).dispute(1);
    await expect(proposals.lapse(1)).to.be.revertedWithCustomError(proposals, "SlashProposals_TooEarly");
    await networkHelpers.time.increase(2 * STEP_SECONDS);
    await expect(proposals.lapse(1)).to.changeTokenBalances(
      ethers,
      token,
      [alice, stranger, timelockSigner],
      [BOND, (BOND * 3n) / 4n, BOND / 4n],
    );
    expect(await proposals.totalBonds(), "bonds").to.equal(0n);
    expect(await staking.slashableOf(0), "left").to.equal(TOTAL);
    expect(await proposals.openProposals(0), "open proposals").to.equal(0n);
  });

  it("executes what the DAO upholds; the disputer pays", async () => {
    const { proposals, staking, alice, token, stranger, timelockSigner } =
      await networkHelpers.loadFixture(networkWithProposal);
    await proposals.connect(alice).dispute(1);
    await expect(proposals.connect(timelockSigner).uphold(1)).to.changeTokenBalances(ethers, token, [stranger], [BOND]);
    await networkHelpers.time.increase(2 * STEP_SECONDS);
    await proposals.execute(1);
    expect(await staking.slashableOf(0), "left").to.equal((TOTAL * 9n) / 10n);
    expect(await proposals.totalBonds(), "bonds").to.equal(0n);
  });

  it("ends what the DAO vetoes; the accuser pays the disputer, else the treasury", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { proposals, alice, token, stranger, timelockSigner, epoch } = network;
    await proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE);
    await proposals.connect(alice).dispute(1);
    const veto = (proposal: number) => proposals.connect(timelockSigner).veto(proposal);
    await expect(veto(1)).to.changeTokenBalances(ethers, token, [alice], [2n * BOND]);
    await expect(veto(2)).to.changeTokenBalances(ethers, token, [timelockSigner], [BOND]);
    await expect(veto(2)).to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus");
    await expect(veto(9)).to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus");
  });

  it("lets the accuser take it back, at the price of a quarter of its bond, of all of it after a dispute", async () => {
    const { proposals, alice, mallory, token, stranger, timelockSigner, epoch } =
      await networkHelpers.loadFixture(networkWithProposal);
    await proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE);
    await expect(proposals.connect(mallory).cancel(1)).to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_NotProposer",
    );
    await expect(proposals.connect(stranger).cancel(1)).to.changeTokenBalances(
      ethers,
      token,
      [stranger, timelockSigner],
      [(BOND * 3n) / 4n, BOND / 4n],
    );
    await proposals.connect(alice).dispute(2);
    await expect(proposals.connect(stranger).cancel(2)).to.changeTokenBalances(ethers, token, [alice], [2n * BOND]);
  });

  it("judges nothing late, and nothing that is not disputed", async () => {
    const { proposals, alice, stranger, timelockSigner } = await networkHelpers.loadFixture(networkWithProposal);
    const asTimelock = proposals.connect(timelockSigner);
    for (const judging of [() => asTimelock.uphold(1), () => proposals.lapse(1)]) {
      await expect(judging() as Promise<unknown>, "undisputed")
        .to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus")
        .withArgs(1, 1);
    }
    const snapshot = await networkHelpers.takeSnapshot();
    await networkHelpers.time.increase(STEP_SECONDS);
    await expect(proposals.connect(alice).dispute(1), "late dispute").to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_TooLate",
    );
    await snapshot.restore();
    await proposals.connect(alice).dispute(1);
    await networkHelpers.time.increase(2 * STEP_SECONDS);
    await expect(asTimelock.uphold(1), "late judgement").to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_TooLate",
    );
    await proposals.lapse(1);
    await expect(proposals.connect(stranger).cancel(1), "over")
      .to.be.revertedWithCustomError(proposals, "SlashProposals_WrongStatus")
      .withArgs(1, 4);
  });

  it("takes the same in any order, and goes on in later epochs above the ceiling", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { proposals, staking, stranger, epoch } = network;
    await proposals.connect(stranger).propose(0, epoch, 2_000, EVIDENCE);
    await setParameter(network, "slashEpochCeiling", 5_000n * MESH);
    await networkHelpers.time.increase(2 * STEP_SECONDS);
    await passEpochs(network, 1);
    await proposals.execute(2);
    expect(await staking.slashableOf(0), "after the first slice").to.equal(TOTAL - 5_000n * MESH);
    await expect(proposals.execute(1)).to.be.revertedWithCustomError(proposals, "SlashProposals_CeilingReached");
    for (const proposal of [2, 1]) {
      await passEpochs(network, 1);
      await proposals.execute(proposal);
    }
    expect(await staking.slashableOf(0), "left").to.equal(TOTAL - (TOTAL * 3n) / 10n);
    expect(await proposals.openProposals(0), "open proposals").to.equal(0n);
  });
});

describe("SlashProposals: one after another", () => {
  it("cannot hold an unbonding by one accusation after another, each of which costs", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { proposals, staking, registry, token, alice, stranger } = network;
    await staking.connect(alice).requestUnbond(0, MESH);
    await networkHelpers.time.increase(UNBONDING_SECONDS - 10);
    const before = (await token.balanceOf(stranger.address)) as bigint;
    for (let count = 1; count <= 3; count++) {
      const epoch = ((await registry.currentEpoch()) as bigint) - 1n;
      await proposals.connect(stranger).propose(0, epoch, 1, EVIDENCE);
      await networkHelpers.time.increase(STEP_SECONDS - 5);
      await expect(staking.withdraw(0, 8), `held ${count}`).to.be.revertedWithCustomError(
        staking,
        "NodeStaking_NothingMatured",
      );
      if (count < 3) await proposals.connect(stranger).cancel(count);
    }
    await networkHelpers.time.increase(30);
    await staking.withdraw(0, 8);
    const paid = before - ((await token.balanceOf(stranger.address)) as bigint);
    expect(paid, "a quarter of two bonds, and the third").to.equal(BOND / 2n + BOND);
  });
});

describe("SlashProposals: what is left of a stake", () => {
  it("returns the bond where nothing is left to take", async () => {
    const { proposals, slashing, token, stranger, punish } = await networkHelpers.loadFixture(afterVeto);
    await punish(ethers.MaxUint256);
    const executed = proposals.execute(1);
    await expect(executed).to.changeTokenBalances(ethers, token, [stranger, proposals], [BOND, -BOND]);
    await expect(executed).to.emit(proposals, "SlashExecuted").withArgs(1, 0, 0n, 0n);
    await expect(executed).not.to.emit(slashing, "NodeSlashPaid");
  });

  it("does not wait for another epoch where less is left than may be taken", async () => {
    const network = await networkHelpers.loadFixture(afterVeto);
    const { proposals, token, stranger, punish } = network;
    await setParameter(network, "slashEpochCeiling", 1_000n * MESH);
    await punish(TOTAL - 500n * MESH);
    await expect(proposals.execute(1))
      .to.emit(proposals, "SlashExecuted")
      .withArgs(1, (slashId: bigint) => slashId > 0n, 500n * MESH, 0n);
    expect(await proposals.totalBonds(), "bonds").to.equal(0n);
    expect(await token.balanceOf(await proposals.getAddress()), "held").to.equal(0n);
    expect(await proposals.openProposals(0), "open").to.equal(0n);
    await expect(proposals.connect(stranger).cancel(1)).to.be.revertedWithCustomError(
      proposals,
      "SlashProposals_WrongStatus",
    );
  });
});

describe("SlashProposals: a network that is younger than the unbonding period", () => {
  it("opens every epoch of it", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { proposals, registry, stranger } = network;
    const epoch = ((await registry.currentEpoch()) as bigint) - 1n;
    await setParameter(network, "unbondingPeriod", 100_000n);
    const current = (await registry.currentEpoch()) as bigint;
    await expect(proposals.connect(stranger).propose(0, current, 1_000, EVIDENCE))
      .to.be.revertedWithCustomError(proposals, "SlashProposals_EpochNotOpen")
      .withArgs(current, 0n, current);
    await expect(proposals.connect(stranger).propose(0, epoch, 1_000, EVIDENCE)).to.emit(proposals, "SlashProposed");
  });
});
