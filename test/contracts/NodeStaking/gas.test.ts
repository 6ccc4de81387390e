import { expect } from "chai";
import { type ContractTransactionResponse, MaxUint256 } from "ethers";
import { connection, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { networkWithNode } from "../support/registered-node.ts";

const { networkHelpers } = connection;

/** A node whose storage slots have all been written once, and parameters that were just read; carol is the beneficiary and holds MESH. */
async function usedNode() {
  const network = await networkWithNode();
  const { staking, token, alice } = network;
  await token.connect(alice).approve(await staking.getAddress(), MaxUint256);
  await staking.connect(alice).stake(0, 3n * MIN_STAKE);
  await staking.connect(alice).requestUnbond(0, MESH);
  await networkHelpers.time.increase(120);
  await staking.withdraw(0, 1);
  await staking.connect(alice).stake(0, MESH);
  await staking.connect(alice).requestUnbond(0, MESH);
  await staking.connect(alice).cancelUnbond(0, 1);
  return network;
}

async function gasOf(sending: Promise<unknown>): Promise<bigint> {
  const receipt = await ((await sending) as ContractTransactionResponse).wait();
  return receipt?.gasUsed ?? 0n;
}

describe("NodeStaking: gas", () => {
  it("stakes more within 95,000 gas", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(usedNode);
    expect(await gasOf(staking.connect(alice).stake(0, MESH))).to.be.within(21_000n, 95_000n);
  });

  it("requests an unbonding within 75,000 gas", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(usedNode);
    expect(await gasOf(staking.connect(alice).requestUnbond(0, MESH))).to.be.within(21_000n, 75_000n);
  });

  it("withdraws within 75,000 gas", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(usedNode);
    await staking.connect(alice).requestUnbond(0, MESH);
    await networkHelpers.time.increase(120);
    expect(await gasOf(staking.connect(alice).withdraw(0, 1))).to.be.within(21_000n, 75_000n);
  });
});
