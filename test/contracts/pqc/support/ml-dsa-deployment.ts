import type { NetworkConnection } from "hardhat/types/network";

import type { MlDsaCase } from "./ml-dsa-keys.ts";

/** Deploys the contracts of ML-DSA-65 and returns what tests ask of them. */
export async function deployMlDsa(ethers: NetworkConnection["ethers"]) {
  const core = await ethers.deployContract("MLDSA65Core");
  const expander = await ethers.deployContract("MLDSA65Expander");
  const verifier = await ethers.deployContract("MLDSA65Verifier", [core, expander]);
  const internal = await ethers.deployContract("MLDSA65Internal", [core, expander]);
  const registry = await ethers.deployContract("MLDSA65KeyRegistry", [core, expander]);
  const raw = verifier.getFunction("verify(bytes,bytes,bytes,bytes)");
  const registered = registry.getFunction("verify(bytes32,bytes,bytes,bytes)");
  const verifyInternal = internal.getFunction("verifyInternal(bytes,bytes,bytes)");

  const register = async (publicKey: Uint8Array): Promise<string> => {
    const keyId = ethers.keccak256(publicKey);
    if (!(await registry.getFunction("isRegistered")(keyId))) await registry.getFunction("register")(publicKey);
    return keyId;
  };

  return {
    core,
    expander,
    verifier,
    internal,
    registry,
    register,
    /** Verifies from the raw key. */
    verifyRaw: (c: MlDsaCase): Promise<boolean> => raw(c.publicKey, c.message, c.context, c.signature),
    /** Registers the key if need be, and verifies with the expanded one. */
    verifyRegistered: async (c: MlDsaCase): Promise<boolean> => {
      return registered(await register(c.publicKey), c.message, c.context, c.signature);
    },
    /** ML-DSA.Verify_internal, from the raw key. */
    verifyInternal: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> => {
      return verifyInternal(publicKey, message, signature);
    },
  };
}
