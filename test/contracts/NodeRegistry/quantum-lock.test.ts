import { expect } from "chai";
import { encodeBytes32String, MaxUint256, TypedDataEncoder, ZeroAddress } from "ethers";
import { attestationKey } from "../support/attestation-key.ts";
import { connection, deployedNetwork, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { RootKey, type RootOrder } from "../support/root-key.ts";

const { networkHelpers } = connection;
const DAY = 86_400;
const STAKE = 3n * MIN_STAKE;
const rootKey = new RootKey();

/** Alice owns identity 1 with a staked node; dave is her hot wallet, carol her beneficiary; mallory has stolen both wallets. */
async function operatorWithRootKey() {
  const network = { ...(await deployedNetwork()), dave: (await connection.ethers.getSigners())[15] };
  const { registry, staking, token, alice, carol, dave } = network;
  await registry.connect(alice).registerOperator(dave.address, carol.address, rootKey.publicKey);
  await registry.connect(alice).registerNode(attestationKey("locked"), encodeBytes32String(""));
  await token.connect(alice).approve(await staking.getAddress(), MaxUint256);
  await staking.connect(alice).stake(0, STAKE);
  return network;
}

type Network = Awaited<ReturnType<typeof operatorWithRootKey>>;

async function send(network: Network, order: RootOrder, signer = rootKey): Promise<unknown> {
  const { registry, mallory } = network;
  return registry.connect(mallory).executeRootOrder(order, await signer.signOrder(network, order));
}

async function lockedOperator() {
  const network = await operatorWithRootKey();
  await send(network, RootKey.order("Lock"));
  return network;
}

describe("NodeRegistry: quantum lock", () => {
  it("locks by the root key alone and says so", async () => {
    const network = await networkHelpers.loadFixture(operatorWithRootKey);
    const { registry } = network;
    const order = RootKey.order("Lock");
    const sent = registry.executeRootOrder(order, await rootKey.signOrder(network, order));
    await expect(sent).to.emit(registry, "QuantumLockSet").withArgs(1, true);
    await expect(sent).to.emit(registry, "RootOrderExecuted").withArgs(1, 0, order.operation);
    expect(await registry.quantumLockOf(1)).to.deep.equal([true, 1n, 0n]);
  });

  it("signs what the digest function says", async () => {
    const { registry } = await networkHelpers.loadFixture(operatorWithRootKey);
    const verifyingContract = await registry.getAddress();
    const domain = { name: "PQMesh NodeRegistry", version: "1", chainId: 31_337, verifyingContract };
    const fields = { operation: "uint8", identityId: "uint32", nodeIndex: "uint32", recipient: "address" };
    const rest = { amount: "uint256", newRootKey: "bytes32", nonce: "uint32", deadline: "uint64" };
    const RootOrder = Object.entries({ ...fields, ...rest }).map(([name, type]) => ({ name, type }));
    const order = RootKey.order("Withdraw", { recipient: verifyingContract, amount: 5n });
    const digest = TypedDataEncoder.hash(domain, { RootOrder }, { ...order, nonce: 0 });
    expect(await registry.rootOrderDigest(order)).to.equal(digest);
  });

  it("cancels what the wallets had under way", async () => {
    const network = await networkHelpers.loadFixture(operatorWithRootKey);
    const { registry, alice, mallory, dave } = network;
    await registry.connect(alice).proposeOwner(1, mallory.address);
    await registry.connect(alice).proposeBeneficiary(1, mallory.address);
    await send(network, RootKey.order("Lock"));
    await networkHelpers.time.increase(400 * DAY);
    await expect(registry.connect(mallory).acceptOwner(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
    await expect(registry.connect(dave).acceptBeneficiary(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
  });

  it("takes from both wallets whatever moves stake, owner or beneficiary", async () => {
    const { registry, staking, alice, dave, mallory } = await networkHelpers.loadFixture(lockedOperator);
    const refused = [
      () => staking.connect(alice).requestUnbond(0, MaxUint256),
      () => staking.connect(dave).requestUnbond(0, MESH),
      () => staking.connect(alice).cancelUnbond(0, 0),
      () => staking.connect(mallory).withdraw(0, 10),
      () => registry.connect(alice).proposeOwner(1, mallory.address),
      () => registry.connect(alice).proposeBeneficiary(1, mallory.address),
      () => registry.connect(alice).cancelPendingChanges(1),
      () => registry.connect(dave).exitNode(0),
    ];
    for (const call of refused) {
      await expect(call(), call.toString())
        .to.be.revertedWithCustomError(registry, "NodeRegistry_QuantumLocked")
        .withArgs(1);
    }
  });

  it("does not let a new hot wallet do more than the old one", async () => {
    const { registry, staking, alice, mallory } = await networkHelpers.loadFixture(lockedOperator);
    await registry.connect(alice).setOperatorWallet(1, mallory.address);
    await expect(staking.connect(mallory).requestUnbond(0, MESH)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_QuantumLocked",
    );
  });

  it("holds unbondings that were requested before it", async () => {
    const network = await networkHelpers.loadFixture(operatorWithRootKey);
    const { registry, staking, alice, token, carol } = network;
    await staking.connect(alice).requestUnbond(0, MaxUint256);
    await send(network, RootKey.order("Lock"));
    await networkHelpers.time.increase(10 * DAY);
    await expect(staking.withdraw(0, 10)).to.be.revertedWithCustomError(registry, "NodeRegistry_QuantumLocked");
    await send(network, RootKey.order("Withdraw", { recipient: carol.address, amount: STAKE }));
    expect(await token.balanceOf(carol.address), "paid by order").to.be.at.least(STAKE);
  });

  it("goes on taking stake, keys and attestations", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(lockedOperator);
    await staking.connect(alice).stake(0, MESH);
    expect(await staking.stakeOf(0)).to.equal(STAKE + MESH);
  });

  it("unbonds and withdraws by orders, sent by anyone", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { staking, token, carol } = network;
    const before = (await token.balanceOf(carol.address)) as bigint;
    await send(network, RootKey.order("Unbond", { amount: MESH }));
    await send(network, RootKey.order("Unbond", { amount: 2n * MESH }));
    await networkHelpers.time.increase(10 * DAY);
    await send(network, RootKey.order("Withdraw", { recipient: carol.address, amount: MESH }));
    expect(((await token.balanceOf(carol.address)) as bigint) - before, "exactly what was signed").to.equal(MESH);
    expect((await staking.unbondingsOf(0))[0].amount, "the other one stays").to.equal(2n * MESH);
  });

  it("refuses to withdraw another amount or to somebody else than was signed", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { staking, carol, mallory } = network;
    await send(network, RootKey.order("Unbond", { amount: 2n * MESH }));
    await networkHelpers.time.increase(10 * DAY);
    await expect(send(network, RootKey.order("Withdraw", { recipient: mallory.address, amount: 2n * MESH })))
      .to.be.revertedWithCustomError(staking, "NodeStaking_WrongRecipient")
      .withArgs(mallory.address, carol.address);
    await expect(send(network, RootKey.order("Withdraw", { recipient: carol.address, amount: 3n * MESH })))
      .to.be.revertedWithCustomError(staking, "NodeStaking_AmountNotMatured")
      .withArgs(3n * MESH, 2n * MESH);
  });

  it("changes owner, beneficiary and nodes by orders with their usual delays", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, bob, dave } = network;
    await send(network, RootKey.order("ProposeBeneficiary", { recipient: bob.address }));
    await send(network, RootKey.order("ProposeOwner", { recipient: bob.address }));
    await networkHelpers.time.increase(30 * DAY);
    await registry.connect(dave).acceptBeneficiary(1);
    await registry.connect(bob).acceptOwner(1);
    expect((await registry.operatorOf(1)).owner).to.equal(bob.address);
    expect((await registry.operatorOf(1)).beneficiary).to.equal(bob.address);
    await send(network, RootKey.order("ExitNode"));
    expect((await registry.nodeOf(0)).exited).to.equal(true);
    expect((await registry.quantumLockOf(1)).locked, "stays locked for the new owner").to.equal(true);
  });

  it("cancels changes by order", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, bob } = network;
    await send(network, RootKey.order("ProposeOwner", { recipient: bob.address }));
    await send(network, RootKey.order("CancelChanges"));
    expect((await registry.pendingChanges(1))[0].readyAt).to.equal(0n);
  });

  it("unlocks by order at once", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, staking, alice } = network;
    await send(network, RootKey.order("Unlock"));
    await staking.connect(alice).requestUnbond(0, MaxUint256);
    await expect(send(network, RootKey.order("Unlock")))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NotLocked")
      .withArgs(1);
  });

  it("hands over to a new root key, and refuses the old one from then on", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry } = network;
    const next = new RootKey();
    await send(network, RootKey.order("ChangeRootKey", { newRootKey: next.publicKey }));
    await expect(send(network, RootKey.order("Unlock")))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_InvalidRootSignature")
      .withArgs(1);
    await send(network, RootKey.order("Unlock"), next);
    await expect(send(network, RootKey.order("ChangeRootKey"), next)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_EmptyRootKey",
    );
  });

  it("refuses an order twice, late, altered, of another key or about another's node", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, bob } = network;
    const order = RootKey.order("Unbond", { amount: MESH });
    const signature = await rootKey.signOrder(network, order);
    const invalid = [
      { ...order, amount: 2n * MESH },
      { ...order, nodeIndex: 1 },
      { ...order, recipient: bob.address },
      { ...order, deadline: order.deadline + 1n },
      { ...order, operation: RootKey.order("Withdraw").operation },
    ];
    for (const altered of invalid) {
      await expect(registry.executeRootOrder(altered, signature)).to.be.revertedWithCustomError(
        registry,
        "NodeRegistry_InvalidRootSignature",
      );
    }
    await registry.executeRootOrder(order, signature);
    await expect(registry.executeRootOrder(order, signature), "twice").to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_InvalidRootSignature",
    );
    const late = RootKey.order("Unbond", { amount: MESH, deadline: 1n });
    await expect(send(network, late)).to.be.revertedWithCustomError(registry, "NodeRegistry_DeadlinePassed");
    await expect(send(network, RootKey.order("Unlock", { identityId: 9 })))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownIdentity")
      .withArgs(9);
    await registry.connect(bob).registerOperator(ZeroAddress, ZeroAddress, new RootKey().publicKey);
    await registry.connect(bob).registerNode(attestationKey("of bob"), encodeBytes32String(""));
    await expect(send(network, RootKey.order("ExitNode", { nodeIndex: 1 }))).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_NotOwner",
    );
  });

  it("lets an owner without the root key out after one year", async () => {
    const { registry, staking, alice, mallory } = await networkHelpers.loadFixture(lockedOperator);
    await expect(registry.connect(mallory).requestUnlock(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_NotOwner",
    );
    await registry.connect(alice).requestUnlock(1);
    const { unlockAt } = await registry.quantumLockOf(1);
    await networkHelpers.time.setNextBlockTimestamp((unlockAt as bigint) - 1n);
    await expect(registry.connect(alice).completeUnlock(1), "a second early").to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
    await networkHelpers.time.setNextBlockTimestamp(unlockAt as bigint);
    await registry.connect(alice).completeUnlock(1);
    await staking.connect(alice).requestUnbond(0, MaxUint256);
  });

  it("lets the root key cancel that", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, alice } = network;
    await registry.connect(alice).requestUnlock(1);
    await send(network, RootKey.order("Lock"));
    await networkHelpers.time.increase(366 * DAY);
    await expect(registry.connect(alice).completeUnlock(1))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_ChangeNotReady")
      .withArgs(0, BigInt(await networkHelpers.time.latest()) + 1n);
    expect((await registry.quantumLockOf(1)).locked).to.equal(true);
  });

  it("refuses to request an unlock twice, or of an operator that is not locked", async () => {
    const network = await networkHelpers.loadFixture(lockedOperator);
    const { registry, alice } = network;
    await registry.connect(alice).requestUnlock(1);
    await expect(registry.connect(alice).requestUnlock(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
    await send(network, RootKey.order("Unlock"));
    await expect(registry.connect(alice).requestUnlock(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_NotLocked",
    );
  });
});
