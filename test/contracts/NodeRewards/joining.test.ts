import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { goToEpoch, HORIZON } from "../disputes/support/dispute-fixture.ts";
import { connection, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { paymentIn } from "./support/reward-payment.ts";
import { DELEGATED, twoFinalWords, WORD } from "./support/two-final-words.ts";

const { networkHelpers } = connection;
const LARGE = 1_000_000n * MESH;
/** EIP-7825: the most a transaction may use. */
const TRANSACTION_GAS_CAP = 16_777_216;

interface Preview {
  operatorAmount: bigint;
  poolAmount: bigint;
}

/** Two final words of which nothing is claimed, and bob with much MESH. */
async function unclaimedWords() {
  const network = await networkHelpers.loadFixture(twoFinalWords);
  const { token, delegation, staking, timelockSigner, alice, bob } = network;
  for (const [wallet, spender] of [
    [bob, delegation],
    [alice, staking],
  ] as const) {
    await token.connect(timelockSigner).transfer(wallet.address, LARGE);
    await token.connect(wallet).approve(spender, MaxUint256);
  }
  return network;
}

type Network = Awaited<ReturnType<typeof unclaimedWords>>;

async function worthOf({ delegation }: Network, node: number, delegator: string): Promise<bigint> {
  const [, amount] = (await delegation.delegationOf(node, delegator)) as [bigint, bigint];
  return amount;
}

async function previewOf({ rewards }: Network, node: number): Promise<Preview> {
  return (await rewards.preview(node)) as Preview;
}

describe("NodeRewards: joining", () => {
  it("pays what is final before a delegation joins: who delegates just before a claim gains nothing", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, bob, mallory } = network;
    const { operatorAmount, poolAmount } = await previewOf(network, 0);
    const paid = await paymentIn(network, delegation.connect(bob).delegate(0, LARGE, 0n));
    expect([paid?.toOperator, paid?.toPool], "paid before").to.deep.equal([operatorAmount, poolAmount]);
    await rewards.claim([0]);
    expect((await worthOf(network, 0, bob.address)) <= LARGE, "bob gains nothing").to.equal(true);
    const grown = (await worthOf(network, 0, mallory.address)) - DELEGATED;
    expect(grown <= poolAmount && grown > (poolAmount * 999_999n) / 1_000_000n, `mallory has all: ${grown}`).to.equal(
      true,
    );
  });

  it("gives the first delegator nothing of what the operator earned alone", async () => {
    const network = await unclaimedWords();
    const { delegation, bob } = network;
    const { operatorAmount } = await previewOf(network, 1);
    const paid = await paymentIn(network, delegation.connect(bob).delegate(1, LARGE, 0n));
    expect([paid?.toOperator, paid?.toPool], "paid before").to.deep.equal([operatorAmount, 0n]);
    expect((await worthOf(network, 1, bob.address)) <= LARGE, "bob gains nothing").to.equal(true);
  });

  it("pays a later word to the delegator that was there", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, bob } = network;
    await delegation.connect(bob).delegate(2, LARGE, 0n);
    await goToEpoch(network, 4 * WORD + HORIZON);
    await rewards.closeWords(10);
    const { poolAmount } = await previewOf(network, 2);
    const paid = await paymentIn(network, rewards.claim([2]));
    expect(paid?.toPool, "as previewed").to.equal(poolAmount);
    expect(paid!.toPool > paid!.toOperator, "most of it").to.equal(true);
  });

  it("pays what is final before an undelegation is taken back", async () => {
    const network = await unclaimedWords();
    const { delegation, bob, rewards } = network;
    await delegation.connect(bob).delegate(0, LARGE, 0n);
    await delegation.connect(bob).undelegate(0, MaxUint256, 0n);
    await goToEpoch(network, 3 * WORD + HORIZON);
    await rewards.closeWords(10);
    const { poolAmount } = await previewOf(network, 0);
    const paid = await paymentIn(network, delegation.connect(bob).cancelUndelegation(0, 0, 0n));
    expect(paid?.toPool, "paid before").to.equal(poolAmount);
    await rewards.claim([0]);
    expect((await worthOf(network, 0, bob.address)) <= LARGE, "bob gains nothing").to.equal(true);
  });

  it("pays delegators before the operator's part grows, by stake or by an unbonding that is taken back", async () => {
    const network = await unclaimedWords();
    const { rewards, staking, alice } = network;
    const { poolAmount } = await previewOf(network, 0);
    const paid = await paymentIn(network, staking.connect(alice).stake(0, LARGE));
    expect(paid?.toPool, "before a stake").to.equal(poolAmount);
    await staking.connect(alice).requestUnbond(0, LARGE);
    await goToEpoch(network, 3 * WORD + HORIZON);
    await rewards.closeWords(10);
    const later = await previewOf(network, 0);
    const again = await paymentIn(network, staking.connect(alice).cancelUnbond(0, 0));
    expect([again?.fromWord, again?.toPool], "before a cancellation").to.deep.equal([2, later.poolAmount]);
    expect(await staking.stakeOf(0), "stake").to.equal(MIN_STAKE + LARGE);
  });

  it("pays nothing when an operator without delegators stakes", async () => {
    const network = await unclaimedWords();
    const paid = await paymentIn(network, network.staking.connect(network.alice).stake(1, LARGE));
    expect(paid).to.equal(undefined);
  });

  it("closes as many words as are over", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, bob } = network;
    await goToEpoch(network, 90 * WORD + HORIZON);
    await delegation.connect(bob).delegate(0, LARGE, 0n);
    expect(await rewards.nextWordOf(0), "settled").to.equal(90n);
  });

  it("joins all the same when another distributor is named", async () => {
    const network = await unclaimedWords();
    const { rewards, emissions, delegation, timelockSigner, bob, council } = network;
    await emissions.connect(timelockSigner).setDistributor(council.address);
    await goToEpoch(network, 4 * WORD + HORIZON);
    await delegation.connect(bob).delegate(0, LARGE, 0n);
    expect(await rewards.nextWordOf(0), "settled").to.equal(2n);
  });

  it("pays the operator everything once its delegators have left", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, mallory } = network;
    await rewards.claim([0]);
    await delegation.connect(mallory).undelegate(0, MaxUint256, 0n);
    await goToEpoch(network, 4 * WORD + HORIZON);
    const paid = await paymentIn(network, rewards.claim([0]));
    expect(paid!.toOperator > 0n && paid!.toPool === 0n, "all of it").to.equal(true);
  });

  it("refuses who joins while more words are open than one call closes", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, staking, alice, bob } = network;
    await goToEpoch(network, 400 * WORD + HORIZON);
    for (const joining of [
      () => delegation.connect(bob).delegate(0, LARGE, 0n, { gasLimit: TRANSACTION_GAS_CAP }),
      () => staking.connect(alice).stake(0, LARGE, { gasLimit: TRANSACTION_GAS_CAP }),
      () => rewards.connect(alice).claimAndStake(0, { gasLimit: TRANSACTION_GAS_CAP }),
    ]) {
      await expect(joining() as Promise<unknown>)
        .to.be.revertedWithCustomError(rewards, "NodeRewards_WordsNotClosed")
        .withArgs(130, 400);
    }
  });

  it("gets past them once anybody has closed enough by closeWords", async () => {
    const network = await unclaimedWords();
    const { rewards, delegation, bob, mallory } = network;
    await goToEpoch(network, 400 * WORD + HORIZON);
    for (let closed = 2n; closed < 400n - 128n; closed = (await rewards.closedUntil()) as bigint) {
      await rewards.connect(mallory).closeWords(100, { gasLimit: TRANSACTION_GAS_CAP });
    }
    await delegation.connect(bob).delegate(0, LARGE, 0n, { gasLimit: TRANSACTION_GAS_CAP });
    expect(await rewards.nextWordOf(0), "settled").to.equal(400n);
  });

  it("lets an operator with delegators stake its rewards only after everything final is paid", async () => {
    const network = await unclaimedWords();
    const { rewards, bridge, disputes, staking, alice } = network;
    const arbiter = await connection.ethers.getImpersonatedSigner(await disputes.getAddress());
    await networkHelpers.setBalance(arbiter.address, MESH);
    for (const node of [0, 1]) await bridge.connect(arbiter).countDispute(node, WORD, false);
    await expect(rewards.connect(alice).claimAndStake(0))
      .to.be.revertedWithCustomError(rewards, "NodeRewards_NotSettled")
      .withArgs(0, 1, 2);
    await rewards.connect(alice).claimAndStake(1);
    expect(await rewards.nextWordOf(1), "nobody else joins the other one").to.equal(1n);
    await bridge.connect(arbiter).countDispute(0, WORD, true);
    const paid = await paymentIn(network, rewards.connect(alice).claimAndStake(0));
    expect([paid?.fromWord, paid?.untilWord], "both words").to.deep.equal([0, 2]);
    expect(await staking.stakeOf(0), "stake").to.equal(MIN_STAKE + paid!.toOperator);
    expect(paid!.toPool > 0n, "delegators as well").to.equal(true);
  });
});
