import { pqAccountAbi } from "@pqmesh/contracts/generated/pq-account-abi";
import { type BytesLike, concat, getBytes, keccak256, toUtf8Bytes, TypedDataEncoder } from "ethers";
import { connection } from "../../support/deployed-network.ts";
import { typedContract } from "../../support/typed-contract.ts";
import { deployMlDsa } from "../../pqc/support/ml-dsa-deployment.ts";
import { generateMlDsaKeyPair, type MlDsaKeyPair, signMlDsa } from "../../pqc/support/ml-dsa-keys.ts";

const { ethers } = connection;
const NO_CONTEXT = new Uint8Array();

/** A call that an account makes. */
export interface AccountCall {
  target: string;
  value: bigint;
  data: string;
}

const EXECUTE = {
  Execute: [
    { name: "calls", type: "Call[]" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Call: [
    { name: "target", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
  ],
};
const NEW_SIGNER = {
  NewSigner: [
    { name: "signer", type: "bytes" },
    { name: "nonce", type: "uint256" },
  ],
};

/** An ML-DSA-65 signature of a 32-byte digest. */
export function signDigest(pair: MlDsaKeyPair, digest: string): Uint8Array {
  return signMlDsa(pair, getBytes(digest), NO_CONTEXT).signature;
}

/** The EIP-712 domain of an account on the test chain. */
function domainOf(account: string) {
  return { name: "PQAccount", version: "1", chainId: 31337, verifyingContract: account };
}

/** An account that obeys a registered ML-DSA-65 key, and what its key signs. */
export async function deployPqAccount() {
  const mldsa = await deployMlDsa(ethers);
  const registry = await mldsa.registry.getAddress();
  const newKey = async () => {
    const pair = generateMlDsaKeyPair();
    return { pair, signer: concat([registry, await mldsa.register(pair.publicKey)]) };
  };
  const key = await newKey();
  const deployed = await ethers.deployContract("PQAccount", [key.signer]);
  const account = typedContract(deployed, pqAccountAbi);
  const address = await account.getAddress();
  const signCalls = (calls: AccountCall[], nonce: bigint, deadline: bigint, pair = key.pair): Uint8Array =>
    signDigest(pair, TypedDataEncoder.hash(domainOf(address), EXECUTE, { calls, nonce, deadline }));
  const proveSigner = (signer: string, nonce: bigint, pair: MlDsaKeyPair): Uint8Array =>
    signDigest(pair, TypedDataEncoder.hash(domainOf(address), NEW_SIGNER, { signer, nonce }));
  const signHash = (hash: BytesLike, of = address): Uint8Array => signDigest(key.pair, nestedHash(of, hash));
  return { account, address, key, newKey, mldsa, signCalls, proveSigner, signHash };
}

/** What an account's key signs for a hash that a contract asks about: ERC-7739, personal sign. */
function nestedHash(account: string, hash: BytesLike): string {
  const typeHash = keccak256(toUtf8Bytes("PersonalSign(bytes prefixed)"));
  return keccak256(
    concat(["0x1901", TypedDataEncoder.hashDomain(domainOf(account)), keccak256(concat([typeHash, hash]))]),
  );
}
