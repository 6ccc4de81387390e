import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

/** Contracts that judge, with what they are built from in the order of their arguments. */
const JUDGES = {
  AttestationDisputes: ["bridge", "registry", "committee", "parameters", "verifiers"],
  MemberOffences: ["bridge", "disputes", "committee", "parameters", "verifiers"],
  NodeOffences: ["bridge", "registry", "verifiers", "slashing", "parameters"],
} as const;

for (const [contract, links] of Object.entries(JUDGES)) {
  describe(`${contract}: construction`, () => {
    it("refuses to be built without any of its contracts", async () => {
      const network = await networkHelpers.loadFixture(deployedNetwork);
      const addresses = await Promise.all(links.map((link) => network[link].getAddress()));
      const judge = await ethers.deployContract(contract, addresses);
      for (const [position, link] of links.entries()) {
        await expect(ethers.deployContract(contract, addresses.with(position, ZeroAddress)), link)
          .to.be.revertedWithCustomError(judge, "Governed_ZeroAddress")
          .withArgs(link);
      }
    });
  });
}
