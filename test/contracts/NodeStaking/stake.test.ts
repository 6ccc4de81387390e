import { expect } from "chai";
import { Signature, type Signer } from "ethers";
import { connection, MESH, MIN_STAKE, passEpochs, setParameter } from "../support/deployed-network.ts";
import { networkWithNode } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const OPEN = 2n ** 64n - 1n;

type Network = Awaited<ReturnType<typeof networkWithNode>>;

async function signPermit({ token, staking }: Network, owner: Signer, value: bigint) {
  const deadline = BigInt(await networkHelpers.time.latest()) + 1_000n;
  const ownerAddress = await owner.getAddress();
  const spender = await staking.getAddress();
  const domain = {
    name: "PQMesh",
    version: "1",
    chainId: 31_337,
    verifyingContract: await token.getAddress(),
  };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const nonce = (await token.nonces(ownerAddress)) as bigint;
  const { v, r, s } = Signature.from(
    await owner.signTypedData(domain, types, { owner: ownerAddress, spender, value, nonce, deadline }),
  );
  return { deadline, v, r, s };
}

describe("NodeStaking: stake", () => {
  it("refuses a zero amount", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(staking.connect(alice).stake(0, 0)).to.be.revertedWithCustomError(staking, "NodeStaking_ZeroAmount");
  });

  it("refuses an unknown node", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(staking.connect(alice).stake(1, MIN_STAKE))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownNode")
      .withArgs(1);
  });

  it("refuses an exited node", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await registry.connect(alice).exitNode(0);
    await expect(staking.connect(alice).stake(0, MIN_STAKE))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NodeExited")
      .withArgs(0);
  });

  it("takes the stake and reports it", async () => {
    const { staking, token, alice } = await networkHelpers.loadFixture(networkWithNode);
    const sent = staking.connect(alice).stake(0, 5n * MESH);
    await expect(sent)
      .to.emit(staking, "Staked")
      .withArgs(0, alice.address, 5n * MESH, 5n * MESH);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(5n * MESH);
    expect(await staking.totalHeld(), "total held").to.equal(5n * MESH);
    expect(await token.balanceOf(await staking.getAddress()), "tokens held").to.equal(5n * MESH);
  });

  it("leaves the node inactive", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(staking.connect(alice).stake(0, MIN_STAKE - 1n)).not.to.emit(registry, "NodeActivated");
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([]);
  });

  it("activates the node two epochs later", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(staking.connect(alice).stake(0, MIN_STAKE)).to.emit(registry, "NodeActivated");
    const from = ((await registry.currentEpoch()) as bigint) + 2n;
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([[from, OPEN]]);
    expect(await registry.isActive(0, from - 1n), "active one epoch before").to.equal(false);
    expect(await registry.isActive(0, from), "active from then on").to.equal(true);
  });

  it("adds up without activating twice", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await staking.connect(alice).stake(0, MIN_STAKE);
    const topUp = staking.connect(alice).stake(0, MESH);
    await expect(topUp)
      .to.emit(staking, "Staked")
      .withArgs(0, alice.address, MESH, MIN_STAKE + MESH);
    await expect(topUp).not.to.emit(registry, "NodeActivated");
    expect(await staking.stakeOf(0), "stake of the node").to.equal(MIN_STAKE + MESH);
  });

  it("credits the node's identity", async () => {
    const { staking, mallory, identityId } = await networkHelpers.loadFixture(networkWithNode);
    await staking.connect(mallory).stake(0, MIN_STAKE);
    expect(await staking.stakeOfIdentity(identityId), "stake of the identity").to.equal(MIN_STAKE);
  });

  it("gives the sender no power", async () => {
    const { staking, mallory } = await networkHelpers.loadFixture(networkWithNode);
    await staking.connect(mallory).stake(0, MIN_STAKE);
    await expect(staking.connect(mallory).requestUnbond(0, MIN_STAKE))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NotOperator")
      .withArgs(mallory.address, 0);
  });

  it("activates on the next top-up", async () => {
    const network = await networkHelpers.loadFixture(networkWithNode);
    const { staking, registry, alice } = network;
    await staking.connect(alice).stake(0, MIN_STAKE / 2n);
    await setParameter(network, "minNodeStake", MIN_STAKE / 2n);
    await passEpochs(network, 1);
    await expect(staking.connect(alice).stake(0, 1n)).to.emit(registry, "NodeActivated");
  });

  it("takes nothing", async () => {
    const { staking, token, alice } = await networkHelpers.loadFixture(networkWithNode);
    await token.connect(alice).approve(await staking.getAddress(), 0);
    await expect(staking.connect(alice).stake(0, MIN_STAKE)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    expect(await staking.totalHeld(), "total held").to.equal(0n);
  });
});

describe("NodeStaking: stakeWithPermit", () => {
  async function networkWithoutAllowance() {
    const network = await networkWithNode();
    await network.token.connect(network.alice).approve(await network.staking.getAddress(), 0);
    return network;
  }

  it("stakes with a permit alone", async () => {
    const network = await networkHelpers.loadFixture(networkWithoutAllowance);
    const { staking, alice } = network;
    const { deadline, v, r, s } = await signPermit(network, alice, MIN_STAKE);
    await staking.connect(alice).stakeWithPermit(0, MIN_STAKE, deadline, v, r, s);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(MIN_STAKE);
  });

  it("survives a permit that was front-run", async () => {
    const network = await networkHelpers.loadFixture(networkWithoutAllowance);
    const { staking, token, alice, mallory } = network;
    const { deadline, v, r, s } = await signPermit(network, alice, MIN_STAKE);
    const spender = await staking.getAddress();
    await token.connect(mallory).permit(alice.address, spender, MIN_STAKE, deadline, v, r, s);
    await staking.connect(alice).stakeWithPermit(0, MIN_STAKE, deadline, v, r, s);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(MIN_STAKE);
  });

  it("survives an invalid permit with an allowance", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithNode);
    await staking.connect(alice).stakeWithPermit(0, MIN_STAKE, 0, 27, ethers.ZeroHash, ethers.ZeroHash);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(MIN_STAKE);
  });

  it("refuses an invalid permit without an allowance", async () => {
    const network = await networkHelpers.loadFixture(networkWithoutAllowance);
    const { staking, token, alice, mallory } = network;
    const { deadline, v, r, s } = await signPermit(network, mallory, MIN_STAKE);
    await expect(staking.connect(alice).stakeWithPermit(0, MIN_STAKE, deadline, v, r, s)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
  });
});
