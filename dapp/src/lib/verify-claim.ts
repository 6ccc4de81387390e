import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { type CheckName, verifyAttestation } from "@pqmesh/contracts/protocol/verify-attestation";
import { type Hex, keccak256 } from "viem";
import { type ChainAccess, keysFromChain } from "./chain-source.ts";
import type { ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";

/** One line of the verification as it is shown. */
export interface VerifiedStep {
  name: CheckName | "relayer-digest" | "build";
  title: string;
  holds: boolean;
  sentence: string;
}

const TITLES: Record<VerifiedStep["name"], string> = {
  digest: "It is the statement you asked for",
  "relayer-digest": "The relayer names the same digest",
  key: "The key is the one published on chain",
  signature: "The node signed it with ML-DSA-65",
  build: "The build is allowed",
  leaf: "It is a leaf of the report",
  listed: "The report counts the node as present",
  commitment: "The chain committed to this report",
};

/** What is asked for. */
export interface AskedAttestation {
  nodeIndex: number;
  epoch: number;
  /** Raw keys that somebody says the node has; only the one whose hash the registry holds is used. */
  candidateKeys: readonly Hex[];
}

/**
 * Checks a relayer's answer step by step in this browser. Only the chain is trusted, read by RPC; the relayer, the indexer and
 * this site's server are not.
 *
 * @throws when the RPC endpoint does not answer.
 */
export async function verifyClaim(
  claim: ServedClaim,
  asked: AskedAttestation,
  access: ChainAccess,
): Promise<VerifiedStep[]> {
  const { client, config } = access;
  const { contracts, chainId } = config;
  const domain: StatementDomain = { chainId, bridge: contracts.AttestationBridge };
  const epoch = BigInt(asked.epoch);
  const [keyHash, isApproved] = await Promise.all([
    client.readContract({
      address: contracts.NodeRegistry,
      abi: nodeRegistryAbi,
      functionName: "keyHashAt",
      args: [asked.nodeIndex, epoch],
    }),
    client.readContract({
      address: contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      functionName: "isMeasurementApproved",
      args: [claim.attestation.measurement, epoch],
    }),
  ]);
  const publicKey = await findKey(keyHash, [...asked.candidateKeys, ...(claim.publicKey ? [claim.publicKey] : [])], {
    access,
    nodeIndex: asked.nodeIndex,
  });
  const context = { domain, client, key: { publicKey, keyHash }, asked: { nodeIndex: asked.nodeIndex, epoch } };
  const results = await verifyAttestation(claim, context);
  const steps: VerifiedStep[] = results.map((result) => ({ ...result, title: TITLES[result.name] }));
  const digest = hashAttestation(domain, claim.attestation);
  steps.splice(1, 0, ...namedDigest(claim, digest));
  return withBuild(steps, { isApproved, measurement: claim.attestation.measurement });
}

function namedDigest({ digest: named }: ServedClaim, digest: Hex): VerifiedStep[] {
  if (!named) return [];
  const holds = named.toLowerCase() === digest;
  const sentence = holds
    ? "EIP-712 hashing of the statement in this browser gives the digest that the relayer named."
    : `Hashed here, the statement gives ${digest}; the relayer named ${named}.`;
  return [{ name: "relayer-digest", title: TITLES["relayer-digest"], holds, sentence }];
}

function withBuild(steps: VerifiedStep[], build: { isApproved: boolean; measurement: Hex }): VerifiedStep[] {
  const { isApproved: holds, measurement } = build;
  const sentence = holds
    ? `The DAO's allow-list holds the agent build ${measurement} in this epoch.`
    : `The agent build ${measurement} is not on the DAO's allow-list in this epoch.`;
  const at = steps.findIndex(({ name }) => name === "leaf");
  return steps.toSpliced(at, 0, { name: "build", title: TITLES.build, holds, sentence });
}

async function findKey(
  keyHash: Hex,
  candidates: readonly Hex[],
  { access, nodeIndex }: { access: ChainAccess; nodeIndex: number },
): Promise<Hex> {
  const fits = (key: Hex | undefined): boolean => key !== undefined && keccak256(key) === keyHash;
  const offered = candidates.find(fits);
  if (offered) return offered;
  const published = (await keysFromChain(access, nodeIndex)).map(({ publicKey }) => publicKey);
  return published.find(fits) ?? candidates[0] ?? "0x";
}
