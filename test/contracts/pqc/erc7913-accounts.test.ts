import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import { generateMlDsaKeyPair, signMlDsa } from "./support/ml-dsa-keys.ts";
import { flipBit } from "./support/random.ts";
import { generateSlhDsaKeyPair, signWithOpenSsl } from "./support/slh-dsa-keys.ts";

const NONE = new Uint8Array();
/** ERC-4337: what `validateUserOp` returns. */
const [SIGNATURE_VALID, SIGNATURE_INVALID] = [0n, 1n];

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);
const slhDsa = await ethers.deployContract("SLHDSASHA2128sVerifier");
const check = await ethers.deployContract("SignatureCheck");
const hash = ethers.getBytes(ethers.id("user operation"));

/** An ERC-7913 signer, a verifier's address followed by a key, and its signature of `hash`. */
interface Signer {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

async function createSigners(): Promise<Signer[]> {
  const raw = signMlDsa(generateMlDsaKeyPair(), hash, NONE);
  const registered = signMlDsa(generateMlDsaKeyPair(), hash, NONE);
  const keyId = await mldsa.register(registered.publicKey);
  const root = generateSlhDsaKeyPair();
  return [
    { name: "raw ML-DSA-65 key", id: ethers.concat([await mldsa.verifier.getAddress(), raw.publicKey]), ...raw },
    { name: "registered ML-DSA-65 key", id: ethers.concat([await mldsa.registry.getAddress(), keyId]), ...registered },
    {
      name: "SLH-DSA-SHA2-128s key",
      id: ethers.concat([await slhDsa.getAddress(), root.publicKey]),
      signature: signWithOpenSsl(root.privateKey, hash, NONE),
    },
  ];
}

const signers = await createSigners();

async function validate(account: string, signature: Uint8Array | string): Promise<bigint> {
  const contract = await ethers.getContractAt("SingleSignerAccount", account);
  const operation = {
    sender: account,
    nonce: 0n,
    initCode: "0x",
    callData: "0x",
    accountGasLimits: ethers.ZeroHash,
    preVerificationGas: 0n,
    gasFees: ethers.ZeroHash,
    paymasterAndData: "0x",
    signature,
  };
  const from = await contract.entryPoint();
  const byAnyone = contract.connect(ethers.provider).getFunction("validateUserOp");
  return byAnyone.staticCall(operation, hash, 0n, { from });
}

describe("OpenZeppelin's ERC-7913 contracts", () => {
  for (const { name, id, signature } of signers) {
    describe(`with a ${name}`, () => {
      it("SignatureChecker accepts its signature and no other", async () => {
        expect(await check.isValid(id, hash, signature), "signature").to.equal(true);
        expect(await check.isValid(id, hash, flipBit(signature, 1000)), "changed signature").to.equal(false);
        expect(await check.isValid(id, flipBit(hash, 0), signature), "changed hash").to.equal(false);
      });

      it("an account accepts its operations and no others", async () => {
        const account = await ethers.deployContract("SingleSignerAccount", [id]);
        const address = await account.getAddress();
        expect(await validate(address, signature), "signature").to.equal(SIGNATURE_VALID);
        expect(await validate(address, flipBit(signature, 1000)), "changed signature").to.equal(SIGNATURE_INVALID);
        expect(await validate(address, NONE), "no signature").to.equal(SIGNATURE_INVALID);
      });
    });
  }

  describe("with two signers of three", () => {
    const sorted = [...signers].sort((a, b) => (ethers.keccak256(a.id) < ethers.keccak256(b.id) ? -1 : 1));
    const multisignature = (chosen: readonly Signer[]): string => {
      const [ids, signatures] = [chosen.map((s) => s.id), chosen.map((s) => s.signature)];
      return ethers.AbiCoder.defaultAbiCoder().encode(["bytes[]", "bytes[]"], [ids, signatures]);
    };
    const deployAccount = async (): Promise<string> => {
      const account = await ethers.deployContract("MultiSignerAccount", [signers.map((s) => s.id), 2]);
      return account.getAddress();
    };

    it("an account accepts any two", async () => {
      const account = await deployAccount();
      for (const absent of sorted) {
        const chosen = sorted.filter((s) => s !== absent);
        expect(await validate(account, multisignature(chosen)), `without ${absent.name}`).to.equal(SIGNATURE_VALID);
      }
    });

    it("an account refuses one, and two of which one is wrong", async () => {
      const account = await deployAccount();
      for (const one of sorted) {
        expect(await validate(account, multisignature([one])), `${one.name} alone`).to.equal(SIGNATURE_INVALID);
        const wrong = sorted.slice(0, 2).map((s, i) => (i === 1 ? { ...s, signature: flipBit(s.signature, 77) } : s));
        expect(await validate(account, multisignature(wrong)), "one wrong").to.equal(SIGNATURE_INVALID);
      }
    });
  });
});
