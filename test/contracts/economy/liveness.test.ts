import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { readFileSync } from "node:fs";
import { DELEGATED, networkWithDelegation, OWN } from "../support/delegated-node.ts";
import { connection, type DeployedNetwork, MESH, passEpochs, setParameter } from "../support/deployed-network.ts";
import { registerNode } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const ALL = ethers.MaxUint256;
/** Longest time for which a proposed slash can hold what has matured: dispute, veto and buffer of the test network. */
const LONGEST_HOLD = 60;

type Network = Awaited<ReturnType<typeof networkWithDelegation>>;

async function unbondingPeriod({ parameters }: DeployedNetwork): Promise<number> {
  return Number((await parameters.get(ethers.encodeBytes32String("unbondingPeriod"))) as bigint);
}

/** Operator and delegator ask for all they have, and a stranger pays them out. Returns what each of them got. */
async function everybodyLeaves(network: Network, { hold = LONGEST_HOLD } = {}) {
  const { staking, delegation, token, alice, mallory, stranger, registry } = network;
  const period = await unbondingPeriod(network);
  if (((await staking.stakeOf(0)) as bigint) > 0n) await staking.connect(alice).requestUnbond(0, ALL);
  const [shares] = (await delegation.delegationOf(0, mallory.address)) as [bigint, bigint];
  if (shares > 0n) await delegation.connect(mallory).undelegate(0, ALL, 0n);
  await networkHelpers.time.increase(period + hold);
  const beneficiary = (await registry.beneficiaryOf(0)) as string;
  const before = [await token.balanceOf(beneficiary), await token.balanceOf(mallory.address)] as bigint[];
  if (((await staking.unbondingsOf(0)) as unknown[]).length > 0) await staking.connect(stranger).withdraw(0, 32);
  if (((await delegation.undelegationsOf(0, mallory.address)) as unknown[]).length > 0) {
    await delegation.connect(stranger).withdrawDelegation(0, mallory.address, 32);
  }
  const after = [await token.balanceOf(beneficiary), await token.balanceOf(mallory.address)] as bigint[];
  expect(await staking.stakeOf(0), "stake left").to.equal(0n);
  expect(await staking.unbondingsOf(0), "unbondings left").to.deep.equal([]);
  expect((await delegation.poolOf(0)).shares, "shares left").to.equal(0n);
  expect(await delegation.undelegationsOf(0, mallory.address), "undelegations left").to.deep.equal([]);
  return { operator: after[0] - before[0], delegator: after[1] - before[1] };
}

/** What everybody gets who lost nothing, but for rounding in favour of the pool. */
function expectWhole(paid: { operator: bigint; delegator: bigint }, share = 10_000n): void {
  expect(paid.operator, "operator").to.be.closeTo((OWN * share) / 10_000n, 5n);
  expect(paid.delegator, "delegator").to.be.closeTo((DELEGATED * share) / 10_000n, 5n);
}

const start = () => networkHelpers.loadFixture(networkWithDelegation);

describe("Stake economy: everybody can leave", () => {
  it("without a committee, reports, rewards or the DAO", async () => {
    expectWhole(await everybodyLeaves(await start()));
  });

  it("to a beneficiary that is a contract and refuses every call", async () => {
    const network = await start();
    const { staking, token, alice, others, stranger } = network;
    const refuser = await ethers.deployContract("SLHDSASHA2128sInternal");
    const beneficiary = await refuser.getAddress();
    const operator = others[2];
    await network.registry.connect(operator).registerOperator(ZeroAddress, beneficiary, id("root key of another"));
    const nodeIndex = await registerNode(network, operator);
    await staking.connect(alice).stake(nodeIndex, OWN);
    await staking.connect(operator).requestUnbond(nodeIndex, ALL);
    await networkHelpers.time.increase(await unbondingPeriod(network));
    await staking.connect(stranger).withdraw(nodeIndex, 1);
    expect(await token.balanceOf(beneficiary), "paid").to.equal(OWN);
    expectWhole(await everybodyLeaves(network));
  });

  it("while the DAO is silent on a dispute for ever", async () => {
    const network = await start();
    const { proposals, registry, stranger, alice, mallory } = network;
    const epoch = ((await registry.currentEpoch()) as bigint) - 1n;
    await proposals.connect(stranger).propose(0, epoch, 5_000, id("evidence"));
    await proposals.connect(alice).dispute(1);
    expectWhole(await everybodyLeaves(network));
    await proposals.connect(mallory).lapse(1);
    expect(await proposals.totalBonds(), "bonds left").to.equal(0n);
  });

  it("while somebody proposes a slash in every epoch in which that is possible", async () => {
    const network = await start();
    const { proposals, registry, staking, delegation, stranger, others, alice, mallory } = network;
    await staking.connect(alice).requestUnbond(0, ALL);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    const bonded = (await registry.currentEpoch()) as bigint;
    for (let i = 0; i < (await unbondingPeriod(network)) / 10; i++) {
      await passEpochs(network, 1);
      await proposals.connect(others[1 + (i % 5)]).propose(0, bonded, 5_000, id(`evidence ${i}`));
      await proposals.connect(others[6 + (i % 5)]).dispute(i + 1);
    }
    await networkHelpers.time.increase(LONGEST_HOLD - 10);
    expect((await staking.nodeStakeOf(0)).held, "held by a proposal").to.equal(true);
    await staking.connect(stranger).withdraw(0, 32);
    await delegation.connect(stranger).withdrawDelegation(0, mallory.address, 32);
    expect(await staking.slashableOf(0), "left").to.be.lessThan(5n);
  });

  it("from jail, and barred for ever", async () => {
    const network = await start();
    await network.punish((OWN + DELEGATED) / 4n, { isBarred: true });
    expectWhole(await everybodyLeaves(network), 7_500n);
  });

  it("after a slash of everything, with what came later", async () => {
    const network = await start();
    const { slashing, staking, delegation, alice, mallory, punish } = network;
    await delegation.connect(mallory).undelegate(0, 1_000n, 0n);
    await punish(ALL);
    await networkHelpers.time.increase(1_000);
    await slashing.unjail(0);
    await staking.connect(alice).stake(0, OWN);
    await delegation.connect(mallory).delegate(0, DELEGATED, 0n);
    expectWhole(await everybodyLeaves(network));
  });

  it("after ten slashes by an arbiter that is never content", async () => {
    const network = await start();
    const { staking } = network;
    for (let i = 0; i < 10; i++) await network.punish(((await staking.slashableOf(0)) as bigint) / 2n);
    const left = (await staking.slashableOf(0)) as bigint;
    const paid = await everybodyLeaves(network);
    expect(paid.operator + paid.delegator, "what ten slashes left").to.be.closeTo(left, 10n);
  });

  it("after the operator has left its node", async () => {
    const network = await start();
    await network.registry.connect(network.alice).exitNode(0);
    expectWhole(await everybodyLeaves(network));
  });

  it("when the DAO names another contract for emissions and raises minimum and unbonding time to their bounds", async () => {
    const network = await start();
    const { emissions, parameters, staking, timelockSigner, alice } = network;
    await emissions.connect(timelockSigner).setDistributor(timelockSigner.address);
    await staking.connect(alice).requestUnbond(0, MESH);
    const [{ maturesAt }] = (await staking.unbondingsOf(0)) as [{ maturesAt: bigint }];
    for (const name of ["minNodeStake", "unbondingPeriod"]) {
      const { max } = (await parameters.parameter(ethers.encodeBytes32String(name))) as { max: bigint };
      await setParameter(network, name, max);
    }
    expect((await staking.unbondingsOf(0))[0].maturesAt, "what was requested keeps its time").to.equal(maturesAt);
    expectWhole(await everybodyLeaves(network));
  });

  it("and no contract that holds money knows a pause but that of an entry", () => {
    const entries: Record<string, string> = { NodeStaking: "_stake", NodeDelegation: "_delegate" };
    const names = ["NodeStaking", "NodeDelegation", "NodeSlashing", "SlashProposals", "NodeRewards", "CaesarEmissions"];
    for (const name of [...names, "RelayerCommittee", "CommitteeFees", "MeshToken", "VestingVault"]) {
      const source = readFileSync(`${import.meta.dirname}/../../../contracts/${name}.sol`, "utf8");
      const [entry, exits] = split(source, entries[name]);
      const ofExits = exits.replace(/^import .*$/gm, "");
      expect(ofExits, name).to.not.match(/pause|requireEntry|freezeAll|blacklist|upgradeTo|delegatecall|selfdestruct/i);
      if (name in entries) expect(entry, `${name}, the entry`).to.match(/requireEntry/);
    }
  });
});

/** The text of a function, and all the rest of a source. */
function split(source: string, name: string | undefined): [entry: string, rest: string] {
  if (name === undefined) return ["", source];
  const start = source.search(new RegExp(`function ${name}\\(`));
  const end = source.indexOf("\n    }\n", start);
  if (start < 0 || end < 0) throw new Error(`there is no function ${name}`);
  return [source.slice(start, end), source.slice(0, start) + source.slice(end)];
}
