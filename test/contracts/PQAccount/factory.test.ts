import { pqAccountFactoryAbi } from "@pqmesh/contracts/generated/pq-account-factory-abi";
import { expect } from "chai";
import { concat, keccak256, parseEther } from "ethers";
import { generateMlDsaKeyPair } from "../pqc/support/ml-dsa-keys.ts";
import { deployMlDsa } from "../pqc/support/ml-dsa-deployment.ts";
import { connection, namedSigners } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** Largest gas of a transaction (EIP-7825). */
const MAX_GAS = 16_777_216n;

/** A factory, and a key that nobody has registered. */
async function factoryWithKey() {
  const { mallory } = await namedSigners();
  const mldsa = await deployMlDsa(ethers);
  const keys = await mldsa.registry.getAddress();
  const factory = typedContract(await ethers.deployContract("PQAccountFactory", [keys]), pqAccountFactoryAbi);
  const { publicKey } = generateMlDsaKeyPair();
  const account = (await factory.accountOf(keccak256(publicKey))) as string;
  return { factory, mldsa, keys, publicKey, keyId: keccak256(publicKey), account, mallory };
}

describe("PQAccountFactory", () => {
  it("makes the account of a key where it foretold, and registers the key", async () => {
    const { factory, mldsa, keys, publicKey, keyId, account, mallory } =
      await networkHelpers.loadFixture(factoryWithKey);
    await mallory.sendTransaction({ to: account, value: parseEther("1") });
    const sent = await factory.connect(mallory).create(publicKey);
    await expect(sent).to.emit(factory, "AccountCreated").withArgs(account, keyId);
    const made = await ethers.getContractAt("PQAccount", account);
    await expect(sent)
      .to.emit(made, "SignerSet")
      .withArgs(concat([keys, keyId]));
    expect(await mldsa.registry.isRegistered(keyId), "registered").to.equal(true);
    expect(await made.signer(), "signer").to.equal(concat([keys, keyId]));
    expect(await made.nonce(), "nonce").to.equal(0n);
    expect((await sent.wait())?.gasUsed, "gas with the key's registration").to.be.lessThan(MAX_GAS);
  });

  it("takes a key that is registered", async () => {
    const { factory, mldsa, publicKey, account } = await networkHelpers.loadFixture(factoryWithKey);
    await mldsa.register(publicKey);
    await factory.create(publicKey);
    expect(await ethers.provider.getCode(account), "code").not.to.equal("0x");
  });

  it("makes one account of a key", async () => {
    const { factory, publicKey, account } = await networkHelpers.loadFixture(factoryWithKey);
    await factory.create(publicKey);
    await expect(factory.create(publicKey))
      .to.be.revertedWithCustomError(factory, "PQAccountFactory_AccountKnown")
      .withArgs(account);
  });

  it("refuses what is no key", async () => {
    const { factory, mldsa } = await networkHelpers.loadFixture(factoryWithKey);
    await expect(factory.create("0x1234"))
      .to.be.revertedWithCustomError(mldsa.registry, "MLDSAKeyRegistry_KeyLength")
      .withArgs(2n, 1952n);
  });
});
