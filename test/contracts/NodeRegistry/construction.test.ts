import { expect } from "chai";
import { connection, deployedNetwork, EPOCH_SECONDS } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

async function registryFactory() {
  const network = await deployedNetwork();
  const factory = await ethers.getContractFactory("NodeRegistry");
  const now = await networkHelpers.time.latest();
  const parameters = await network.parameters.getAddress();
  const verifier = network.mallory.address;
  return { ...network, factory, now, addresses: { parameters, verifier } };
}

type Deployable = Awaited<ReturnType<typeof registryFactory>>;

/** Deploys a registry whose certificate registry is a wallet. */
function deploy(
  factory: Deployable["factory"],
  { parameters, verifier }: Deployable["addresses"],
  genesis: number,
  length: number,
) {
  return factory.deploy(parameters, verifier, verifier, verifier, genesis, length);
}

describe("NodeRegistry: construction and binding", () => {
  it("refuses a missing parameter table or verifier", async () => {
    const { factory, now, addresses } = await networkHelpers.loadFixture(registryFactory);
    const { parameters, verifier } = addresses;
    await expect(factory.deploy(ethers.ZeroAddress, verifier, verifier, verifier, now, 10))
      .to.be.revertedWithCustomError(factory, "Governed_ZeroAddress")
      .withArgs("parameters");
    await expect(factory.deploy(parameters, ethers.ZeroAddress, verifier, verifier, now, 10))
      .to.be.revertedWithCustomError(factory, "Governed_ZeroAddress")
      .withArgs("rootKeyVerifier");
    await expect(factory.deploy(parameters, verifier, ethers.ZeroAddress, verifier, now, 10))
      .to.be.revertedWithCustomError(factory, "Governed_ZeroAddress")
      .withArgs("attestationKeyVerifier");
  });

  it("refuses an epoch that is too short or too long", async () => {
    const { factory, now, addresses } = await networkHelpers.loadFixture(registryFactory);
    for (const length of [0, 1, 86_401]) {
      await expect(deploy(factory, addresses, now, length))
        .to.be.revertedWithCustomError(factory, "EpochClock_LengthOutOfBounds")
        .withArgs(length, 2, 86_400);
    }
  });

  it("refuses a genesis in the future", async () => {
    const { factory, now, addresses } = await networkHelpers.loadFixture(registryFactory);
    await networkHelpers.time.setNextBlockTimestamp(now + 50);
    await expect(deploy(factory, addresses, now + 51, 10))
      .to.be.revertedWithCustomError(factory, "EpochClock_GenesisInFuture")
      .withArgs(now + 51, now + 50);
  });

  it("refuses anybody but the deployer", async () => {
    const { factory, now, addresses, mallory } = await networkHelpers.loadFixture(registryFactory);
    const registry = await deploy(factory, addresses, now, 10);
    const asMallory = registry.connect(mallory) as typeof registry;
    await expect(asMallory.getFunction("bindStaking")(mallory.address))
      .to.be.revertedWithCustomError(registry, "Governed_BindingClosed")
      .withArgs(mallory.address);
  });

  it("refuses the zero address", async () => {
    const { factory, now, addresses } = await networkHelpers.loadFixture(registryFactory);
    const registry = await deploy(factory, addresses, now, 10);
    await expect(registry.getFunction("bindStaking")(ethers.ZeroAddress))
      .to.be.revertedWithCustomError(registry, "Governed_ZeroAddress")
      .withArgs("staking");
  });

  it("binds once and says so", async () => {
    const { factory, now, addresses, alice, deployer } = await networkHelpers.loadFixture(registryFactory);
    const registry = await deploy(factory, addresses, now, 10);
    const bindStaking = registry.getFunction("bindStaking");
    await expect(bindStaking(alice.address)).to.emit(registry, "StakingBound").withArgs(alice.address);
    expect(await registry.getFunction("staking")(), "staking").to.equal(alice.address);
    await expect(bindStaking(alice.address))
      .to.be.revertedWithCustomError(registry, "Governed_BindingClosed")
      .withArgs(deployer.address);
  });

  it("names its certificate registry", async () => {
    const { factory, now, addresses } = await networkHelpers.loadFixture(registryFactory);
    const registry = await deploy(factory, addresses, now, 10);
    await expect(registry.deploymentTransaction()).to.emit(registry, "CertificatesBound").withArgs(addresses.verifier);
    expect(await registry.getFunction("certificates")(), "certificates").to.equal(addresses.verifier);
  });

  it("counts epochs from genesis by timestamp", async () => {
    const { registry } = await networkHelpers.loadFixture(registryFactory);
    const genesis = (await registry.epochGenesis()) as bigint;
    expect(await registry.epochLength(), "length").to.equal(EPOCH_SECONDS);
    expect(await registry.epochStart(7), "start of epoch 7").to.equal(genesis + 70n);
    await networkHelpers.time.increaseTo(genesis + 1_009n);
    expect(await registry.currentEpoch(), "last second of epoch 100").to.equal(100n);
    await networkHelpers.time.increaseTo(genesis + 1_010n);
    expect(await registry.currentEpoch(), "first second of epoch 101").to.equal(101n);
  });
});
