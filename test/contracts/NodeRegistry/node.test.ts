import { expect } from "chai";
import { encodeBytes32String, keccak256 } from "ethers";
import { attestationKey, KEY_LENGTH } from "../support/attestation-key.ts";
import { connection, type DeployedNetwork, passEpochs } from "../support/deployed-network.ts";
import { networkWithNode, registerNode } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const OPEN = 2n ** 64n - 1n;
const METADATA = encodeBytes32String("eu-central");

async function networkWithStakingSigner() {
  const network = await networkWithNode();
  const stakingSigner = await ethers.getImpersonatedSigner(await network.staking.getAddress());
  await networkHelpers.setBalance(stakingSigner.address, 10n ** 21n);
  return { ...network, asStaking: network.registry.connect(stakingSigner) };
}

async function epochOf({ registry }: DeployedNetwork): Promise<bigint> {
  return (await registry.currentEpoch()) as bigint;
}

describe("NodeRegistry: registerNode", () => {
  it("numbers nodes and publishes the key once", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    const key = attestationKey("second");
    await expect(registry.connect(alice).registerNode(key, METADATA))
      .to.emit(registry, "NodeRegistered")
      .withArgs(1, 1, keccak256(key), ethers.hexlify(key), METADATA);
    expect(await registry.nodeOf(1), "node").to.deep.equal([1n, false, 0n, keccak256(key)]);
    expect(await registry.nodeCount(), "nodes").to.equal(2n);
  });

  it("refuses wallets without an identity", async () => {
    const { registry, bob } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(bob).registerNode(attestationKey("bob"), METADATA))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NoIdentity")
      .withArgs(bob.address);
  });

  it("refuses a key of another length", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    for (const length of [0, 32, KEY_LENGTH - 1, KEY_LENGTH + 1]) {
      await expect(registry.connect(alice).registerNode(new Uint8Array(length).fill(7), METADATA))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_KeyLength")
        .withArgs(length, KEY_LENGTH);
    }
  });

  it("refuses a key that anyone can sign for", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    const half = (KEY_LENGTH + 32) / 2;
    const ofHalves = (first: number, second: number): Uint8Array =>
      attestationKey("degenerate").fill(first, 32, half).fill(second, half);
    for (const key of [ofHalves(0x00, 0x00), ofHalves(0xff, 0xff), ofHalves(0x00, 0xff)]) {
      await expect(registry.connect(alice).registerNode(key, METADATA)).to.be.revertedWithCustomError(
        registry,
        "NodeRegistry_DegenerateKey",
      );
    }
  });

  it("knows the key from its epoch on", async () => {
    const network = await networkHelpers.loadFixture(networkWithNode);
    const { registry, alice } = network;
    await passEpochs(network, 3);
    const nodeIndex = await registerNode(network, alice);
    const epoch = await epochOf(network);
    expect(await registry.keyHashAt(nodeIndex, epoch - 1n), "before").to.equal(ethers.ZeroHash);
    expect(await registry.keyHashAt(nodeIndex, epoch), "from then on").not.to.equal(ethers.ZeroHash);
  });
});

describe("NodeRegistry: exitNode", () => {
  it("stays active for this and the next epoch", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking, alice } = network;
    await asStaking.setEligible(0, true);
    await passEpochs(network, 5);
    const sent = await registry.connect(alice).exitNode(0);
    const until = (await epochOf(network)) + 2n;
    await expect(sent).to.emit(registry, "NodeExitRequested").withArgs(0, until);
    await expect(sent).to.emit(registry, "NodeDeactivated").withArgs(0, until);
    expect(await registry.isActive(0, until - 1n), "active in the next epoch").to.equal(true);
    expect(await registry.isActive(0, until), "active after it").to.equal(false);
    expect(await registry.ownershipOf(0), "ownership").to.deep.equal([1n, true, false]);
  });

  it("lets the hot wallet end a node", async () => {
    const { registry, bob } = await networkHelpers.loadFixture(networkWithNode);
    await registry.connect(bob).exitNode(0);
    expect((await registry.nodeOf(0)).exited, "exited").to.equal(true);
  });

  it("ends a node that was never active", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await expect(registry.connect(alice).exitNode(0)).not.to.emit(registry, "NodeDeactivated");
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([]);
  });

  it("refuses strangers to end a node", async () => {
    const { registry, carol, mallory } = await networkHelpers.loadFixture(networkWithNode);
    for (const stranger of [carol, mallory]) {
      await expect(registry.connect(stranger).exitNode(0))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_NotOperator")
        .withArgs(stranger.address, 1);
    }
  });

  it("refuses to end a node twice", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    await registry.connect(alice).exitNode(0);
    await expect(registry.connect(alice).exitNode(0))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_NodeExited")
      .withArgs(0);
  });
});

describe("NodeRegistry: setEligible and intervals", () => {
  it("obeys the staking contract only", async () => {
    const { registry, alice, deployer, timelockSigner } = await networkHelpers.loadFixture(networkWithNode);
    for (const stranger of [alice, deployer, timelockSigner]) {
      await expect(registry.connect(stranger).setEligible(0, true))
        .to.be.revertedWithCustomError(registry, "NodeRegistry_NotStaking")
        .withArgs(stranger.address);
    }
  });

  it("records one interval per stretch of activity", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking } = network;
    await asStaking.setEligible(0, true);
    const first = (await epochOf(network)) + 2n;
    await expect(asStaking.setEligible(0, true), "no change").not.to.emit(registry, "NodeActivated");
    await passEpochs(network, 5);
    await asStaking.setEligible(0, false);
    const closed = (await epochOf(network)) + 2n;
    await expect(asStaking.setEligible(0, false), "no change").not.to.emit(registry, "NodeDeactivated");
    await passEpochs(network, 5);
    await asStaking.setEligible(0, true);
    const second = (await epochOf(network)) + 2n;
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([
      [first, closed],
      [second, OPEN],
    ]);
  });

  it("joins an interval closed in the same epoch", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking } = network;
    await asStaking.setEligible(0, true);
    const first = (await epochOf(network)) + 2n;
    await passEpochs(network, 5);
    await asStaking.setEligible(0, false);
    await expect(asStaking.setEligible(0, true), "its beginning").to.emit(registry, "NodeActivated").withArgs(0, first);
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([[first, OPEN]]);
  });

  it("forgets an interval that never began", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking } = network;
    await passEpochs(network, 1);
    await asStaking.setEligible(0, true);
    await asStaking.setEligible(0, false);
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([]);
    await passEpochs(network, 1);
    await asStaking.setEligible(0, true);
    const from = (await epochOf(network)) + 2n;
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([[from, OPEN]]);
  });

  it("answers for every epoch of a long history", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking } = network;
    for (let i = 0; i < 9; i++) {
      await asStaking.setEligible(0, i % 2 === 0);
      await passEpochs(network, 1 + (i % 4));
    }
    const intervals = (await registry.intervalsOf(0)) as { from: bigint; until: bigint }[];
    expect(intervals.length, "intervals").to.equal(5);
    const last = (await epochOf(network)) + 4n;
    for (let epoch = 0n; epoch <= last; epoch++) {
      const expected = intervals.some(({ from, until }) => epoch >= from && epoch < until);
      expect(await registry.isActive(0, epoch), `active in epoch ${epoch}`).to.equal(expected);
    }
  });

  it("never reactivates a node that has exited", async () => {
    const network = await networkHelpers.loadFixture(networkWithStakingSigner);
    const { registry, asStaking, alice } = network;
    await registry.connect(alice).exitNode(0);
    await asStaking.setEligible(0, true);
    expect(await registry.intervalsOf(0), "active intervals").to.deep.equal([]);
  });
});

describe("NodeRegistry: views", () => {
  it("names the node by its DID", async () => {
    const { registry } = await networkHelpers.loadFixture(networkWithNode);
    const address = (await registry.getAddress()).toLowerCase();
    expect(await registry.did(0), "DID").to.equal(`did:pqmesh:31337:${address}:0`);
  });

  it("knows owner and hot wallet as operators", async () => {
    const { registry, alice, bob, carol, mallory } = await networkHelpers.loadFixture(networkWithNode);
    const answers = await Promise.all(
      [alice, bob, carol, mallory].map(({ address }) => registry.isOperator(0, address) as Promise<boolean>),
    );
    expect(answers, "owner, hot wallet, beneficiary, stranger").to.deep.equal([true, true, false, false]);
  });

  it("refuses unknown nodes and identities", async () => {
    const { registry, alice } = await networkHelpers.loadFixture(networkWithNode);
    for (const view of [
      () => registry.nodeOf(1),
      () => registry.ownershipOf(1),
      () => registry.intervalsOf(1),
      () => registry.isActive(1, 0),
      () => registry.isOperator(1, alice.address),
      () => registry.beneficiaryOf(1),
      () => registry.did(1),
    ]) {
      await expect(view()).to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownNode").withArgs(1);
    }
    await expect(registry.operatorOf(2))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownIdentity")
      .withArgs(2);
  });
});
