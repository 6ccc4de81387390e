import { Interface, keccak256 } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** Signature algorithms that are verified on chain. */
export const ALGORITHMS = ["ml-dsa-65", "slh-dsa-sha2-128s"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Whether a key is given whole with each signature, or has been registered in expanded form. */
export const PATHS = ["raw", "registered"] as const;
export type Path = (typeof PATHS)[number];

/** A signature to verify; every field is hex with 0x. */
export interface SignatureCase {
  pk: string;
  message: string;
  context: string;
  signature: string;
}

/** What the chain says about a signature, and what that cost: gas of the call alone, without a transaction around it. */
export interface Verdict {
  valid: boolean;
  gas: number;
}

/** The deployed verifiers. */
export interface PqVerifiers {
  /** Verifies by one algorithm and path; a key is registered first where the path needs that. */
  verify(algorithm: Algorithm, path: Path, c: SignatureCase): Promise<Verdict>;
  /** Registers an ML-DSA-65 key and returns the gas of the transaction. */
  register(publicKey: string): Promise<number>;
}

const verifierAbi = new Interface([
  "function verify(bytes publicKey, bytes message, bytes context, bytes signature) view returns (bool)",
  "function verify(bytes32 publicKey, bytes message, bytes context, bytes signature) view returns (bool)",
  "function register(bytes publicKey) returns (bytes32)",
  "function isRegistered(bytes32 keyId) view returns (bool)",
]);
const meterAbi = new Interface(["function measure(address target, bytes data) view returns (bool, uint256, bytes)"]);
const BY_BYTES = "verify(bytes,bytes,bytes,bytes)";
const BY_WORD = "verify(bytes32,bytes,bytes,bytes)";
/** EIP-7825: the most a transaction may use. */
const TRANSACTION_GAS_CAP = 16_777_216;
const WORD_HEX_LENGTH = 2 + 64;

/** Deploys every verifier on a simulated chain. */
export async function deployPqVerifiers({ ethers }: NetworkConnection): Promise<PqVerifiers> {
  const deploy = async (name: string, args: string[] = []): Promise<string> => {
    const contract = await ethers.deployContract(name, args);
    return contract.getAddress();
  };
  const meter = await deploy("CallGasMeter");
  const core = await deploy("MLDSA65Core");
  const expander = await deploy("MLDSA65Expander");
  const raw = await deploy("MLDSA65Verifier", [core, expander]);
  const registry = await deploy("MLDSA65KeyRegistry", [core, expander]);
  const slhDsa = await deploy("SLHDSASHA2128sVerifier");
  const [sender] = await ethers.getSigners();
  if (sender === undefined) throw new Error("the network has no account to deploy from");

  const measure = async (target: string, data: string): Promise<Verdict> => {
    const call = {
      to: meter,
      data: meterAbi.encodeFunctionData("measure", [target, data]),
      gasLimit: TRANSACTION_GAS_CAP,
    };
    const result = meterAbi.decodeFunctionResult("measure", await ethers.provider.call(call));
    const [success, gas, output] = result.toArray() as [boolean, bigint, string];
    if (!success) throw new Error(`the verifier reverted with ${output}`);
    return { valid: BigInt(output) === 1n, gas: Number(gas) };
  };

  const register = async (publicKey: string): Promise<number> => {
    const data = verifierAbi.encodeFunctionData("register", [publicKey]);
    const transaction = await sender.sendTransaction({ to: registry, data, gasLimit: TRANSACTION_GAS_CAP });
    const receipt = await transaction.wait();
    return Number(receipt?.gasUsed ?? 0n);
  };

  const isRegistered = async (keyId: string): Promise<boolean> => {
    const call = { to: registry, data: verifierAbi.encodeFunctionData("isRegistered", [keyId]) };
    return BigInt(await ethers.provider.call(call)) === 1n;
  };

  const verify = async (algorithm: Algorithm, path: Path, c: SignatureCase): Promise<Verdict> => {
    const statement = [c.message, c.context, c.signature];
    if (algorithm === "slh-dsa-sha2-128s") {
      if (path !== "raw") throw new Error(`${algorithm} keys are 32 bytes and are not registered: use --path raw`);
      if (c.pk.length !== WORD_HEX_LENGTH) return { valid: false, gas: 0 };
      return measure(slhDsa, verifierAbi.encodeFunctionData(BY_WORD, [c.pk, ...statement]));
    }
    if (path === "raw") return measure(raw, verifierAbi.encodeFunctionData(BY_BYTES, [c.pk, ...statement]));
    const keyId = keccak256(c.pk);
    if (!(await isRegistered(keyId))) {
      const refused = await register(c.pk).then(
        () => false,
        () => true,
      );
      if (refused) return { valid: false, gas: 0 };
    }
    return measure(registry, verifierAbi.encodeFunctionData(BY_WORD, [keyId, ...statement]));
  };

  return { verify, register };
}
