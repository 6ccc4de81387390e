import { expect } from "chai";
import { artifacts } from "hardhat";
import { ZeroAddress } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, bridgeSettings, EPOCH_SECONDS, goToEpoch, HORIZON } from "./support/bridge-fixture.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;
/** EIP-170. */
const CODE_LIMIT = 24_576;

type Settings = Awaited<ReturnType<typeof bridgeSettings>>;

async function deployWith(changes: Partial<Record<keyof Settings, unknown>>) {
  return ethers.deployContract("AttestationBridge", [{ ...(await bridgeSettings()), ...changes }]);
}

describe("AttestationBridge: construction", () => {
  it("refuses zero addresses", async () => {
    const { interface: errors } = await ethers.getContractFactory("AttestationBridge");
    for (const field of ["registry", "committee", "parameters", "timelock"] as const) {
      await expect(deployWith({ [field]: ZeroAddress }), field)
        .to.be.revertedWithCustomError({ interface: errors }, "Governed_ZeroAddress")
        .withArgs(field);
    }
  });

  it("refuses a registry or committee of another schedule", async () => {
    const { interface: errors } = await ethers.getContractFactory("AttestationBridge");
    const { epochGenesis } = await bridgeSettings();
    for (const field of ["registry", "committee"] as const) {
      const name = field === "registry" ? "NodeRegistryDouble" : "RelayerCommitteeDouble";
      for (const schedule of [
        [epochGenesis - 1, EPOCH_SECONDS],
        [epochGenesis, EPOCH_SECONDS + 1],
      ]) {
        const settings = { ...(await bridgeSettings()), epochGenesis };
        const registry = await ethers.deployContract("NodeRegistryDouble", [epochGenesis, EPOCH_SECONDS]);
        const committee = await ethers.deployContract("RelayerCommitteeDouble", [epochGenesis, EPOCH_SECONDS]);
        const other = await ethers.deployContract(name, schedule);
        const attempt = deployWith({ ...settings, registry, committee, [field]: other });
        await expect(attempt, `${field} ${schedule.join(" ")}`)
          .to.be.revertedWithCustomError({ interface: errors }, "EpochClock_ScheduleMismatch")
          .withArgs(await other.getAddress());
      }
    }
  });

  it("names the window", async () => {
    const { interface: errors } = await ethers.getContractFactory("AttestationBridge");
    for (const window of ["reportWindow", "commitWindow", "challengeWindow", "responseWindow"] as const) {
      for (const epochs of [0n, 10_001n, 2n ** 64n - 1n]) {
        await expect(deployWith({ [window]: epochs }), `${window} of ${epochs}`)
          .to.be.revertedWithCustomError({ interface: errors }, "AttestationBridge_WindowOutOfBounds")
          .withArgs(window, epochs, 1, 10_000);
      }
    }
    await deployWith({ reportWindow: 1, commitWindow: 10_000 });
  });

  it("keeps what it is built from", async () => {
    const { bridge, registry, committee, timelock, genesis } = await loadFixture(bridgeOfFour);
    expect(await bridge.registry(), "registry").to.equal(await registry.getAddress());
    expect(await bridge.committee(), "committee").to.equal(await committee.getAddress());
    expect(await bridge.parameters(), "parameters").to.equal(await registry.getAddress());
    expect(await bridge.timelock(), "timelock").to.equal(timelock.address);
    expect(await bridge.epochGenesis(), "genesis").to.equal(genesis);
    expect(await bridge.epochLength(), "length").to.equal(EPOCH_SECONDS);
    expect(await bridge.reportWindow(), "report window").to.equal(2);
    expect(await bridge.REORG_DEPTH(), "supported reorg").to.equal(12);
  });

  it("adds up the finality horizon", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    expect(await bridge.horizonEpochs()).to.equal(HORIZON);
  });

  it("says which epochs are final", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    for (const [current, final] of [
      [1, 0],
      [HORIZON, 0],
      [HORIZON + 1, 1],
      [1_000, 1_000 - HORIZON],
    ] as const) {
      await goToEpoch(fixture, current);
      expect(await fixture.bridge.finalizedBefore(), `in epoch ${current}`).to.equal(final);
    }
  });

  it("announces its signing domain", async () => {
    const { bridge, domain } = await loadFixture(bridgeOfFour);
    const { name, version, chainId, verifyingContract } = await bridge.eip712Domain();
    expect([name, version, Number(chainId), verifyingContract]).to.deep.equal([
      "PQMesh",
      "1",
      domain.chainId,
      domain.bridge,
    ]);
  });

  it("leaves room below the code size limit", async () => {
    const { deployedBytecode } = await artifacts.readArtifact("AttestationBridge");
    expect(deployedBytecode.length / 2 - 1, "bytes").to.be.lessThan(0.8 * CODE_LIMIT);
  });
});
