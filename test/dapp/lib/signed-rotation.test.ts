import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { hashKeyRotation } from "@pqmesh/contracts/protocol/key-rotation";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256 } from "viem";
import {
  parseSignedRotation,
  type RotationGround,
  rotationProblem,
  type SignedRotation,
} from "../../../dapp/src/lib/signed-rotation.ts";

const REGISTRY: Address = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const DEADLINE = 1_800_000_000;

describe("signature file of a key rotation", () => {
  const root = generateKeyPairSync("slh-dsa-sha2-128s");
  const oldKey = generateKeyPairSync("ml-dsa-65");
  const newKey = publicKeyOf(generateKeyPairSync("ml-dsa-65").publicKey);
  const inForce = publicKeyOf(oldKey.publicKey);
  const rootKey = publicKeyOf(root.publicKey);
  const config = { chainId: 31_337, contracts: { NodeRegistry: REGISTRY } } as unknown as NetworkConfig;
  const ground: RotationGround = {
    ...{ config, identityId: 3, rootKey, keyHash: keccak256(inForce), rotations: 2, now: DEADLINE },
  };
  const parts = {
    ...{ format: "pqmesh-key-rotation", version: 1, chainId: 31_337, registry: REGISTRY, nodeIndex: 7, identityId: 3 },
    ...{ rootKey, currentKeyHash: keccak256(inForce), newKey, newKeyHash: keccak256(newKey), nonce: 2 },
    deadline: DEADLINE,
  } as const;
  const digest = hashKeyRotation(parts, { ...parts, deadline: BigInt(DEADLINE) });
  const signedBy = (key: KeyObject): Hex => bytesToHex(sign(undefined, hexToBytes(digest), key));
  const byRoot = { ...parts, digest, signature: signedBy(root.privateKey) };
  const byKey = { ...parts, digest, attestationKey: inForce, signature: signedBy(oldKey.privateKey) };

  const read = (file: object): SignedRotation => {
    const reading = parseSignedRotation(JSON.stringify(file));
    if ("problem" in reading) throw new Error(reading.problem);
    return reading.signed;
  };
  const refusal = (file: object | string): string => {
    const reading = parseSignedRotation(typeof file === "string" ? file : JSON.stringify(file));
    return "problem" in reading ? reading.problem : "none";
  };

  it("is taken from the root key and from the key in force", () => {
    expect(rotationProblem(read(byRoot), ground)).to.equal(undefined);
    expect(rotationProblem(read(byKey), ground)).to.equal(undefined);
  });

  it("is refused when it is no such file, or damaged", () => {
    expect(refusal("{")).to.equal("This is not a signature file of a key rotation.");
    expect(refusal({ ...byRoot, format: "pqmesh-root-order" })).to.include("not a signature file");
    expect(refusal({ ...parts, digest })).to.include("nobody signed yet");
    expect(refusal({ ...byRoot, nonce: -1 })).to.include("nonce");
    expect(refusal({ ...byRoot, nodeIndex: 8 })).to.include("its digest does not belong");
    expect(refusal({ ...byRoot, newKeyHash: digest })).to.include("newKeyHash");
    expect(refusal({ ...byKey, attestationKey: newKey })).to.include("attestationKey");
  });

  it("is refused for another chain, operator, key, number or time", () => {
    const problem = (changes: Partial<RotationGround>) => rotationProblem(read(byRoot), { ...ground, ...changes });
    expect(problem({ config: { ...config, chainId: 1 } })).to.include("chain 31337");
    expect(problem({ identityId: 4 })).to.include("operator 4");
    expect(problem({ keyHash: digest })).to.include("not in force");
    expect(problem({ rotations: 3 })).to.include("number 3 comes next");
    expect(problem({ now: DEADLINE + 1 })).to.include("valid until");
  });

  it("is refused with a signature of another key", () => {
    const other = generateKeyPairSync("slh-dsa-sha2-128s").privateKey;
    expect(rotationProblem(read({ ...byRoot, signature: signedBy(other) }), ground)).to.include("does not verify");
  });
});

function publicKeyOf(key: KeyObject): Hex {
  return bytesToHex(Buffer.from(String(key.export({ format: "jwk" }).pub), "base64url"));
}
