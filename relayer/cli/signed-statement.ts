import type { Session } from "./chain-session.ts";
import { refuted, usageError } from "./output.ts";
import { isoTime } from "./iso-time.ts";

/** Refuses a signature for another chain or registry than network.json names. @throws CliError naming both. @param contract Which registry. */
export function requireSameNetwork(
  { network }: Session,
  { chainId, registry }: { chainId: number; registry: string },
  contract: "NodeRegistry" | "CertificateRegistry" = "NodeRegistry",
): void {
  if (chainId !== network.chainId) {
    throw usageError(`this was signed for chain ${chainId}, network.json is for chain ${network.chainId}`);
  }
  const named = network.contracts[contract];
  if (registry.toLowerCase() !== named.toLowerCase()) {
    throw usageError(`this was signed for registry ${registry}, network.json names ${named}`);
  }
}

/** Refuses a signature after its deadline. @param now Unix seconds. @throws CliError naming the deadline. */
export function requireInTime(deadline: bigint | number, now: bigint): void {
  if (BigInt(deadline) < now) throw refuted(`the signature was valid until ${isoTime(deadline)}`);
}
