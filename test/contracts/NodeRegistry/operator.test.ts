import { expect } from "chai";
import { id } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";
import { networkWithNode, registerOperator } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const DELAY = 30;
const ROOT_KEY = id("root key");

describe("NodeRegistry: registerOperator", () => {
  it("gives the next identity and keeps the keys apart", async () => {
    const { registry, alice, bob, carol } = await networkHelpers.loadFixture(deployedNetwork);
    const sent = registry.connect(alice).registerOperator(bob.address, carol.address, ROOT_KEY);
    await expect(sent)
      .to.emit(registry, "OperatorRegistered")
      .withArgs(1, alice.address, bob.address, carol.address, ROOT_KEY);
    expect(await registry.operatorOf(1), "operator").to.deep.equal([
      alice.address,
      bob.address,
      carol.address,
      ROOT_KEY,
    ]);
    expect(await registry.identityOf(alice.address), "identity of the owner").to.equal(1n);
    expect(await registry.identityOf(bob.address), "identity of the hot wallet").to.equal(0n);
    await registerOperator({ registry } as never, bob);
    expect(await registry.identityOf(bob.address), "identity of the next owner").to.equal(2n);
    expect(await registry.identityCount(), "identities").to.equal(2n);
  });

  it("fills in the caller for missing wallets", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await registry.connect(alice).registerOperator(ethers.ZeroAddress, ethers.ZeroAddress, ROOT_KEY);
    const { operatorWallet, beneficiary } = await registry.operatorOf(1);
    expect([operatorWallet, beneficiary], "wallets").to.deep.equal([alice.address, alice.address]);
  });

  it("refuses a second identity for one wallet", async () => {
    const { registry, alice, bob, carol } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(alice).registerOperator(bob.address, carol.address, ROOT_KEY))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_AlreadyOperator")
      .withArgs(alice.address, 1);
  });

  it("refuses an empty root key", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await expect(
      registry.connect(alice).registerOperator(ethers.ZeroAddress, ethers.ZeroAddress, ethers.ZeroHash),
    ).to.be.revertedWithCustomError(registry, "NodeRegistry_EmptyRootKey");
  });
});

describe("NodeRegistry: setOperatorWallet", () => {
  it("replaces the hot wallet at once", async () => {
    const { registry, alice, bob, mallory } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(alice).setOperatorWallet(1, mallory.address))
      .to.emit(registry, "OperatorWalletSet")
      .withArgs(1, mallory.address);
    expect(await registry.isOperator(0, mallory.address), "new hot wallet").to.equal(true);
    expect(await registry.isOperator(0, bob.address), "previous hot wallet").to.equal(false);
  });

  it("takes the owner for zero", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await registry.connect(alice).setOperatorWallet(1, ethers.ZeroAddress);
    expect((await registry.operatorOf(1)).operatorWallet, "hot wallet").to.equal(alice.address);
  });

  it("refuses everybody but the owner", async () => {
    const { registry, bob, carol, mallory } = await networkHelpers.loadFixture(networkWithNode);
    for (const stranger of [bob, carol, mallory]) {
      await expect(registry.connect(stranger).setOperatorWallet(1, mallory.address))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOwner")
        .withArgs(stranger.address, 1);
    }
  });

  it("refuses an unknown identity", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    for (const identityId of [0, 2]) {
      await expect(registry.connect(alice).setOperatorWallet(identityId, alice.address))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownIdentity")
        .withArgs(identityId);
    }
  });
});

describe("NodeRegistry: owner change", () => {
  async function networkWithProposal() {
    const network = await networkWithNode();
    const next = network.others[0];
    await network.registry.connect(network.alice).proposeOwner(1, next.address);
    return { ...network, next };
  }

  it("waits for the delay and the new owner", async () => {
    const { registry, alice, next } = await networkHelpers.loadFixture(networkWithProposal);
    const readyAt = BigInt(await networkHelpers.time.latest()) + BigInt(DELAY);
    expect((await registry.pendingChanges(1)).owner, "pending owner").to.deep.equal([next.address, readyAt]);
    await networkHelpers.time.setNextBlockTimestamp(readyAt);
    await expect(registry.connect(next).acceptOwner(1))
      .to.emit(registry, "OwnerChanged")
      .withArgs(1, alice.address, next.address);
    expect((await registry.operatorOf(1)).owner, "owner").to.equal(next.address);
    expect(await registry.identityOf(next.address), "identity of the new owner").to.equal(1n);
    expect((await registry.pendingChanges(1)).owner, "pending owner").to.deep.equal([ethers.ZeroAddress, 0n]);
  });

  it("refuses to complete before the delay", async () => {
    const { registry, next } = await networkHelpers.loadFixture(networkWithProposal);
    const readyAt = BigInt(await networkHelpers.time.latest()) + BigInt(DELAY);
    await networkHelpers.time.setNextBlockTimestamp(readyAt - 1n);
    await expect(registry.connect(next).acceptOwner(1))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_ChangeNotReady")
      .withArgs(readyAt, readyAt - 1n);
  });

  it("refuses to complete what was never proposed", async () => {
    const { registry, mallory } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(mallory).acceptOwner(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
  });

  it("refuses everybody but the proposed owner", async () => {
    const { registry, alice, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    for (const stranger of [alice, mallory]) {
      await expect(registry.connect(stranger).acceptOwner(1))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOwner")
        .withArgs(stranger.address, 1);
    }
  });

  it("refuses a new owner that has an identity", async () => {
    const network = await networkHelpers.loadFixture(networkWithNode);
    const { registry, alice, mallory } = network;
    await registerOperator(network, mallory);
    await expect(registry.connect(alice).proposeOwner(1, mallory.address))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_AlreadyOperator")
      .withArgs(mallory.address, 2);
  });

  it("refuses a new owner that registered meanwhile", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { registry, next } = network;
    await registerOperator(network, next);
    await networkHelpers.time.increase(DELAY);
    await expect(registry.connect(next).acceptOwner(1))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_AlreadyOperator")
      .withArgs(next.address, 2);
  });

  it("refuses the zero address as owner", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(alice).proposeOwner(1, ethers.ZeroAddress))
      .to.be.revertedWithCustomError(registry, "Governed_ZeroAddress")
      .withArgs("newOwner");
  });

  it("refuses proposals of strangers", async () => {
    const { registry, bob } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(bob).proposeOwner(1, bob.address))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOwner")
      .withArgs(bob.address, 1);
  });

  it("replaces an earlier proposal and restarts the delay", async () => {
    const { registry, alice, next, others } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    await registry.connect(alice).proposeOwner(1, others[1].address);
    await expect(registry.connect(next).acceptOwner(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
    await networkHelpers.time.increase(DELAY);
    await registry.connect(others[1]).acceptOwner(1);
    expect((await registry.operatorOf(1)).owner, "owner").to.equal(others[1].address);
  });

  it("takes the hot wallet from the previous owner", async () => {
    const { registry, alice, next } = await networkHelpers.loadFixture(networkWithProposal);
    await registry.connect(alice).setOperatorWallet(1, ethers.ZeroAddress);
    await networkHelpers.time.increase(DELAY);
    await expect(registry.connect(next).acceptOwner(1))
      .to.emit(registry, "OperatorWalletSet")
      .withArgs(1, next.address);
    expect(await registry.isOperator(0, alice.address), "previous owner").to.equal(false);
  });

  it("keeps a hot wallet that is somebody else", async () => {
    const { registry, next, bob } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    await expect(registry.connect(next).acceptOwner(1)).not.to.emit(registry, "OperatorWalletSet");
    expect((await registry.operatorOf(1)).operatorWallet, "hot wallet").to.equal(bob.address);
  });

  it("frees the previous owner to register again", async () => {
    const network = await networkHelpers.loadFixture(networkWithProposal);
    const { registry, alice, next } = network;
    await networkHelpers.time.increase(DELAY);
    await registry.connect(next).acceptOwner(1);
    await registerOperator(network, alice);
    expect(await registry.identityOf(alice.address), "identity").to.equal(2n);
  });

  it("drops a beneficiary the previous owner proposed", async () => {
    const { registry, alice, next, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    await registry.connect(alice).proposeBeneficiary(1, mallory.address);
    await networkHelpers.time.increase(DELAY);
    await expect(registry.connect(next).acceptOwner(1)).to.emit(registry, "PendingChangesCancelled").withArgs(1);
    await expect(registry.connect(next).acceptBeneficiary(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
  });
});

describe("NodeRegistry: beneficiary change", () => {
  async function networkWithProposal() {
    const network = await networkWithNode();
    await network.registry.connect(network.alice).proposeBeneficiary(1, network.mallory.address);
    return network;
  }

  it("waits for the delay", async () => {
    const { registry, alice, carol, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    const readyAt = BigInt(await networkHelpers.time.latest()) + BigInt(DELAY);
    await networkHelpers.time.setNextBlockTimestamp(readyAt - 1n);
    await expect(registry.connect(alice).acceptBeneficiary(1))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_ChangeNotReady")
      .withArgs(readyAt, readyAt - 1n);
    await networkHelpers.time.setNextBlockTimestamp(readyAt);
    await expect(registry.connect(alice).acceptBeneficiary(1))
      .to.emit(registry, "BeneficiaryChanged")
      .withArgs(1, carol.address, mallory.address);
    expect(await registry.beneficiaryOf(0), "beneficiary").to.equal(mallory.address);
  });

  it("lets the hot wallet complete it", async () => {
    const { registry, bob, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    await registry.connect(bob).acceptBeneficiary(1);
    expect(await registry.beneficiaryOf(0), "beneficiary").to.equal(mallory.address);
  });

  it("refuses strangers to complete it", async () => {
    const { registry, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    await expect(registry.connect(mallory).acceptBeneficiary(1))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOperator")
      .withArgs(mallory.address, 1);
  });

  it("refuses to complete it twice", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithProposal);
    await networkHelpers.time.increase(DELAY);
    await registry.connect(alice).acceptBeneficiary(1);
    await expect(registry.connect(alice).acceptBeneficiary(1)).to.be.revertedWithCustomError(
      registry,
      "NodeRegistry_ChangeNotReady",
    );
  });

  it("refuses the zero address as beneficiary", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(alice).proposeBeneficiary(1, ethers.ZeroAddress))
      .to.be.revertedWithCustomError(registry, "Governed_ZeroAddress")
      .withArgs("newBeneficiary");
  });

  it("refuses the hot wallet to propose", async () => {
    const { registry, bob } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(bob).proposeBeneficiary(1, bob.address))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOwner")
      .withArgs(bob.address, 1);
  });

  it("cancels both changes", async () => {
    const { registry, alice, others } = await networkHelpers.loadFixture(networkWithProposal);
    await registry.connect(alice).proposeOwner(1, others[0].address);
    await expect(registry.connect(alice).cancelPendingChanges(1))
      .to.emit(registry, "PendingChangesCancelled")
      .withArgs(1);
    await networkHelpers.time.increase(DELAY);
    for (const accept of [
      () => registry.connect(others[0]).acceptOwner(1),
      () => registry.connect(alice).acceptBeneficiary(1),
    ]) {
      await expect(accept()).to.be.revertedWithCustomError(registry, "NodeRegistry_ChangeNotReady");
    }
  });

  it("refuses everybody but the owner to cancel", async () => {
    const { registry, bob, mallory } = await networkHelpers.loadFixture(networkWithProposal);
    for (const stranger of [bob, mallory]) {
      await expect(registry.connect(stranger).cancelPendingChanges(1))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOwner")
        .withArgs(stranger.address, 1);
    }
  });
});
