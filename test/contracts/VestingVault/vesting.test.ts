import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork, MESH } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const SHARE = 200_000_000n * MESH;
const YEAR = 365n * 86_400n;

async function vestingNetwork() {
  const network = await deployedNetwork();
  const start = (await network.teamVesting.start()) as bigint;
  const token = await network.token.getAddress();
  const balanceOf = async (address: string): Promise<bigint> => network.token.balanceOf(address) as Promise<bigint>;
  const releaseFor = async (role: "team" | "investor", time: bigint): Promise<bigint> => {
    const vault = role === "team" ? network.teamVesting : network.investorVesting;
    await networkHelpers.time.setNextBlockTimestamp(time);
    await vault.getFunction("release(address)")(token);
    return balanceOf(network[role].address);
  };
  return { ...network, start, releaseFor, tokenAddress: token };
}

describe("VestingVault: terms", () => {
  it("announces its terms", async () => {
    const [owner] = await ethers.getSigners();
    const vault = await ethers.deployContract("VestingVault", [owner.address, 1_000, 30, 90]);
    await expect(vault.deploymentTransaction()).to.emit(vault, "TermsSet").withArgs(1_000, 1_030, 1_090);
  });
});

describe("VestingVault: schedules", () => {
  it("releases nothing before twelve months", async () => {
    const { releaseFor, start } = await networkHelpers.loadFixture(vestingNetwork);
    expect(await releaseFor("team", start + YEAR - 2n), "team").to.equal(0n);
    expect(await releaseFor("investor", start + YEAR - 1n), "investors").to.equal(0n);
  });

  it("releases a quarter at twelve months", async () => {
    const { releaseFor, start } = await networkHelpers.loadFixture(vestingNetwork);
    expect(await releaseFor("team", start + YEAR), "team").to.equal(SHARE / 4n);
  });

  it("releases everything after four years", async () => {
    const { releaseFor, start } = await networkHelpers.loadFixture(vestingNetwork);
    expect(await releaseFor("team", start + 4n * YEAR - 1n), "one second before").to.be.lessThan(SHARE);
    expect(await releaseFor("team", start + 4n * YEAR), "team").to.equal(SHARE);
  });

  it("releases a third at twelve months", async () => {
    const { releaseFor, start } = await networkHelpers.loadFixture(vestingNetwork);
    expect(await releaseFor("investor", start + YEAR), "investors").to.equal(SHARE / 3n);
  });

  it("releases everything after three years", async () => {
    const { releaseFor, start } = await networkHelpers.loadFixture(vestingNetwork);
    expect(await releaseFor("investor", start + 3n * YEAR), "investors").to.equal(SHARE);
  });
});

describe("VestingVault: votes", () => {
  it("has none, and no function that delegates", async () => {
    const { token, teamVesting } = await networkHelpers.loadFixture(vestingNetwork);
    const names: string[] = [];
    teamVesting.interface.forEachFunction(({ name }) => names.push(name));
    expect(names.join(" "), "functions").not.to.match(/delegate|execute|call/i);
    expect(await token.delegates(await teamVesting.getAddress()), "delegate").to.equal(ZeroAddress);
  });
});

describe("VestingVault: ownership", () => {
  it("waits for the new owner", async () => {
    const { teamVesting, team, alice } = await networkHelpers.loadFixture(vestingNetwork);
    await teamVesting.connect(team).transferOwnership(alice.address);
    expect(await teamVesting.owner(), "owner before").to.equal(team.address);
    await teamVesting.connect(alice).acceptOwnership();
    expect(await teamVesting.owner(), "owner after").to.equal(alice.address);
  });

  it("refuses strangers to give it away", async () => {
    const { teamVesting, deployer } = await networkHelpers.loadFixture(vestingNetwork);
    await expect(teamVesting.connect(deployer).transferOwnership(deployer.address))
      .to.be.revertedWithCustomError(teamVesting, "OwnableUnauthorizedAccount")
      .withArgs(deployer.address);
  });

  it("refuses to be renounced", async () => {
    const { teamVesting, team } = await networkHelpers.loadFixture(vestingNetwork);
    await expect(teamVesting.connect(team).renounceOwnership()).to.be.revertedWithCustomError(
      teamVesting,
      "VestingVault_CannotRenounce",
    );
  });
});
