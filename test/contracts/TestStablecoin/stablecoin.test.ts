import { expect } from "chai";
import { network } from "hardhat";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { networkHelpers } = connection;

describe("TestStablecoin", () => {
  it("mints for its minter only", async () => {
    const { stablecoin, faucet, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await stablecoin.connect(faucet).mint(alice.address, 5n);
    expect(await stablecoin.balanceOf(alice.address), "balance").to.equal(5n);
    await expect(stablecoin.connect(alice).mint(alice.address, 5n))
      .to.be.revertedWithCustomError(stablecoin, "TestStablecoin_NotMinter")
      .withArgs(alice.address, faucet.address);
  });

  it("has six decimals", async () => {
    const { stablecoin } = await networkHelpers.loadFixture(deployedNetwork);
    expect(await stablecoin.decimals(), "decimals").to.equal(6n);
  });

  it("refuses any chain but the development chain", async () => {
    const { ethers } = await network.create({ network: "default", override: { chainId: 1_337 } });
    const [deployer] = await ethers.getSigners();
    const factory = await ethers.getContractFactory("TestStablecoin");
    await expect(factory.deploy(deployer.address))
      .to.be.revertedWithCustomError(factory, "TestStablecoin_WrongChain")
      .withArgs(1_337);
  });
});
