import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";
import { connection, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { economyWithNotices, type EconomyFixture } from "./support/economy-fixture.ts";

const { ethers, networkHelpers } = connection;
const SHORT = 60;
const LONG = 6_000;

const withShortMinimum = () => staked({ minNodeStake: SHORT, unbondingPeriod: LONG });
const withShortPeriod = () => staked({ minNodeStake: LONG, unbondingPeriod: SHORT });
const withEqualNotices = () => staked({});

/** Node 0 of bob with three times the smallest stake. */
async function staked(notices: Record<string, number>) {
  const economy = await economyWithNotices(notices);
  await economy.staking.connect(economy.staker).stake(0, 3n * MIN_STAKE);
  await networkHelpers.time.increase(LONG);
  return economy;
}

/** The DAO announces a number; returns the time of its effect. */
async function announce(economy: EconomyFixture, name: string, value: bigint): Promise<bigint> {
  await economy.parametersAsTimelock.set(encodeBytes32String(name), value);
  const row = (await economy.parametersAsTimelock.parameter(encodeBytes32String(name))) as { effectiveAt: bigint };
  return row.effectiveAt;
}

describe("Stake economy: governed numbers with notices of their own", () => {
  it("obey the shorter notice of the minimum, whatever else is announced for later", async () => {
    const economy = await networkHelpers.loadFixture(withShortMinimum);
    const { staking, operators } = economy;
    const operator = staking.connect(operators[0]);
    await announce(economy, "unbondingPeriod", 7_000n);
    await operator.requestUnbond(0, 1n);
    await networkHelpers.time.increaseTo(await announce(economy, "minNodeStake", 2n * MIN_STAKE));
    await expect(operator.requestUnbond(0, MIN_STAKE))
      .to.be.revertedWithCustomError(staking, "NodeStaking_RemainderBelowMinimum")
      .withArgs(2n * MIN_STAKE - 1n, 2n * MIN_STAKE);
  });

  it("obey the shorter notice of the unbonding period, whatever else is announced for later", async () => {
    const economy = await networkHelpers.loadFixture(withShortPeriod);
    const { staking, operators } = economy;
    const operator = staking.connect(operators[0]);
    await announce(economy, "minNodeStake", 2n * MIN_STAKE);
    await operator.requestUnbond(0, 1n);
    await networkHelpers.time.increaseTo(await announce(economy, "unbondingPeriod", 7_000n));
    await operator.requestUnbond(0, 1n);
    const now = BigInt(await networkHelpers.time.latest());
    const periods = ((await staking.unbondingsOf(0)) as { maturesAt: bigint }[]).map((each) => each.maturesAt - now);
    expect(periods.at(-1), "period of the second").to.equal(7_000n);
  });

  it("name the unbonding that matures first, also where the period was cut after an earlier one", async () => {
    const economy = await networkHelpers.loadFixture(withEqualNotices);
    const { staking, delegation, operators, delegators } = economy;
    const [operator, delegator] = [staking.connect(operators[0]), delegation.connect(delegators[0])];
    await delegator.delegate(0, MESH, 0n);
    await operator.requestUnbond(0, 1n);
    await delegator.undelegate(0, 1_000n, 0n);
    await networkHelpers.time.increaseTo(await announce(economy, "unbondingPeriod", 600n));
    await operator.requestUnbond(0, 1n);
    const ofOperator = BigInt(await networkHelpers.time.latest()) + 600n;
    await delegator.undelegate(0, 1_000n, 0n);
    const ofDelegator = BigInt(await networkHelpers.time.latest()) + 600n;
    await expect(staking.withdraw(0, 8))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured")
      .withArgs(0, ofOperator);
    await expect(delegation.withdrawDelegation(0, delegators[0].address, 8))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NothingMatured")
      .withArgs(0, delegators[0].address, ofDelegator);
  });

  it("may give the reporter of a node's offence all of it", async () => {
    const economy = await networkHelpers.loadFixture(withEqualNotices);
    const { slashing, token, arbiter, reporter } = economy;
    await networkHelpers.time.increaseTo(await announce(economy, "slashReporterBp", 10_000n));
    await slashing.connect(arbiter).punish([id("offence"), 0, MESH, reporter.address, false, true]);
    const paid = slashing.paySlash(1);
    await expect(paid).to.changeTokenBalances(ethers, token, [reporter, slashing], [MESH, -MESH]);
    const { logs } = (await (await paid).wait())!;
    const transfers = logs.filter(({ address }: { address: string }) => address === token.target);
    expect(transfers.length, "transfers").to.equal(1);
  });
});
