import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

/** Addresses that both halves are built from, in order, by the name that a refusal gives them. */
async function constructions() {
  const { certificates, mallory, timelock } = await networkHelpers.loadFixture(deployedNetwork);
  const at = { timelock: await timelock.getAddress() };
  return {
    CertificateAuthorities: { keyVerifier: mallory.address, ...at },
    CertificateRegistry: { authorities: (await certificates.authorities()) as string, ...at },
  };
}

/** A registry of certificates that is bound to no registry of nodes yet. */
async function unboundRegistry() {
  const { CertificateRegistry } = await constructions();
  return ethers.deployContract("CertificateRegistry", Object.values(CertificateRegistry));
}

describe("CertificateRegistry: construction", () => {
  it("refuses to be built without its other half, the verifier of offline keys or the timelock", async () => {
    for (const [contract, addresses] of Object.entries(await constructions())) {
      for (const missing of Object.keys(addresses)) {
        const factory = await ethers.getContractFactory(contract);
        await expect(factory.deploy(...Object.values({ ...addresses, [missing]: ZeroAddress })), contract)
          .to.be.revertedWithCustomError(factory, "Governed_ZeroAddress")
          .withArgs(missing);
      }
    }
  });

  it("is bound by the deployer alone, not to nothing, and once", async () => {
    const { registry, deployer, mallory } = await networkHelpers.loadFixture(deployedNetwork);
    const certificates = await unboundRegistry();
    const bind = (address: string, by = deployer) =>
      certificates.connect(by).getFunction("bindRegistry")(address) as Promise<unknown>;
    const nodes = await registry.getAddress();
    await expect(bind(nodes, mallory))
      .to.be.revertedWithCustomError(certificates, "Governed_BindingClosed")
      .withArgs(mallory.address);
    await expect(bind(ZeroAddress))
      .to.be.revertedWithCustomError(certificates, "Governed_ZeroAddress")
      .withArgs("registry");
    await bind(nodes);
    await expect(bind(nodes))
      .to.be.revertedWithCustomError(certificates, "Governed_BindingClosed")
      .withArgs(deployer.address);
  });

  it("has nothing at first: no authority, no entry, nobody's identity", async () => {
    const { certificates, alice } = await networkHelpers.loadFixture(deployedNetwork);
    expect(await certificates.authorityCount(), "authorities").to.equal(0n);
    expect(await certificates.treeHead(), "head").to.deep.equal([0n, ethers.sha256("0x")]);
    expect(await certificates.identityOf(alice.address), "identity").to.equal(0n);
    for (const identity of [0n, 1n, 1n << 32n]) {
      expect(await certificates.accountOf(identity), `account of ${identity}`).to.equal(ZeroAddress);
    }
  });
});
