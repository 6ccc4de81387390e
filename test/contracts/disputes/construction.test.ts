import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

describe("AttestationDisputes: construction", () => {
  it("refuses to be built without any of its contracts", async () => {
    const { bridge, registry, committee, parameters, verifiers } = await networkHelpers.loadFixture(deployedNetwork);
    const links = { bridge, registry, committee, parameters, verifiers };
    const addresses = await Promise.all(Object.values(links).map((contract) => contract.getAddress()));
    const disputes = await ethers.deployContract("AttestationDisputes", addresses);
    for (const [position, name] of Object.keys(links).entries()) {
      await expect(ethers.deployContract("AttestationDisputes", addresses.with(position, ZeroAddress)), name)
        .to.be.revertedWithCustomError(disputes, "Governed_ZeroAddress")
        .withArgs(name);
    }
  });
});
