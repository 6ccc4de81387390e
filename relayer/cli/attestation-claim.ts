import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { Report } from "@pqmesh/contracts/protocol/report";
import type { AttestationClaim } from "@pqmesh/contracts/protocol/verify-attestation";
import type { Hex } from "viem";
import { attestationShape } from "../src/read/shapes.ts";
import { CliError } from "./output.ts";

const TIMEOUT_MS = 5_000;
const BIG_FIELDS = ["epoch", "sequence", "shares", "space", "stake", "work", "time"] as const;

/** A claim, the key that the relayer says it was signed with, and who said so. */
export interface FetchedClaim {
  claim: AttestationClaim;
  publicKey: Hex;
  url: string;
}

/**
 * Asks relayers, one after the other, for a reported attestation; nothing of the answer is checked here but its form.
 *
 * @throws CliError saying what each relayer answered when none had it.
 */
export async function readAttestationClaim(
  urls: string[],
  { nodeIndex, epoch }: { nodeIndex: number; epoch: bigint },
): Promise<FetchedClaim> {
  const answers: string[] = [];
  for (const url of urls) {
    try {
      const response = await fetch(`${url}/v1/attestations/${epoch}/${nodeIndex}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json();
      if (response.ok) return { ...readClaim(body), url };
      answers.push(`${url}: ${(body as { detail?: string }).detail ?? response.status}`);
    } catch (error) {
      answers.push(`${url}: ${(error as Error).message}`);
    }
  }
  throw new CliError(
    `no relayer has a reported attestation of node ${nodeIndex} in epoch ${epoch} (${answers.join("; ")})`,
  );
}

function readClaim(body: unknown): { claim: AttestationClaim; publicKey: Hex } {
  const { attestation, signature, proof, report, signers, publicKey } = attestationShape.parse(body);
  if (!proof || !report || signers === null) throw new Error("the epoch is not reported on chain yet");
  if (!publicKey) throw new Error("the relayer does not know the node's key");
  const claim: AttestationClaim = {
    attestation: withBigints(attestation, BIG_FIELDS) as unknown as Attestation,
    signature: signature as Hex,
    proof: proof as Hex[],
    report: withBigints(report, ["epoch", "beaconBlock"]) as unknown as Report,
    signers: BigInt(signers),
  };
  return { claim, publicKey: publicKey as Hex };
}

function withBigints<T extends object>(value: T, names: readonly (keyof T)[]): T {
  return { ...value, ...Object.fromEntries(names.map((name) => [name, BigInt(value[name] as string)])) };
}
