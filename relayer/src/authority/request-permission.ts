import {
  type CertificateDomain,
  type CertificateRequest,
  hashCertificateRequest,
} from "@pqmesh/contracts/protocol/certificate-request";
import type { Address, Hex } from "viem";
import { getAddress, hexToBytes, pad, recoverAddress, toHex } from "viem/utils";
import { ML_DSA_65 } from "../keystore/ml-dsa-65.ts";
import { verifyMlDsa65 } from "../keystore/verify-ml-dsa-65.ts";
import { Problem } from "../service/problem.ts";

/** What the chain says about who may speak for a subject. */
export interface SubjectDirectory {
  /** Identity of a registered node. */
  identityOfNode(nodeIndex: number): number | undefined;
  /** Attestation key of a node that is in force. */
  attestationKey(nodeIndex: number): Uint8Array | undefined;
  /** Owner and hot wallet of an operator; empty when the identity does not exist. */
  walletsOf(identityId: number): Promise<Address[]>;
  /** True when a contract accepts a signature over a digest (ERC-1271). */
  isContractSignature(account: Address, digest: Hex, signature: Hex): Promise<boolean>;
  /** True when a relayer has a seat in the committee, or is about to have one. */
  isMember(relayer: Address): boolean;
}

/** Who asked. An attestation key renews only; a wallet may also ask for a first certificate. */
export type Asker = "wallet" | "attestation-key";

const ECDSA_BYTES = 65;

/**
 * Tells who signed a request for a certificate.
 *
 * @throws Problem 403 when nobody did who may, 404 when the subject does not exist.
 */
export async function permitRequest(
  directory: SubjectDirectory,
  domain: CertificateDomain,
  { request, signature }: { request: CertificateRequest; signature: Hex },
): Promise<Asker> {
  const digest = hashCertificateRequest(domain, request);
  const { kind, subject } = request;
  if (kind === "voter") {
    throw new Problem(
      403,
      "not-permitted",
      "certificates of voters are issued by the authority's own staff, not over HTTP",
    );
  }
  if (kind === "relayer") return permitRelayer(directory, relayerAddress(subject), { digest, signature });
  if (kind === "node" && isOfAttestationKey(directory, Number(subject), { digest, signature }))
    return "attestation-key";
  const identityId = kind === "operator" ? Number(subject) : directory.identityOfNode(Number(subject));
  const wallets = identityId === undefined ? [] : await directory.walletsOf(identityId);
  if (wallets.length === 0) throw new Problem(404, "unknown-subject", `${kind} ${subject} is not registered`);
  if (await isOfWallet(directory, wallets, { digest, signature })) return "wallet";
  const signers = kind === "node" ? "the node's attestation key or its operator's wallets" : "the operator's wallets";
  throw new Problem(403, "not-permitted", `the request for ${kind} ${subject} is not signed by one of ${signers}`);
}

/** Address that a subject of kind `relayer` stands for. */
export function relayerAddress(subject: bigint): Address {
  return getAddress(pad(toHex(subject), { size: 20 }));
}

interface SignedDigest {
  digest: Hex;
  signature: Hex;
}

async function permitRelayer(directory: SubjectDirectory, relayer: Address, signed: SignedDigest): Promise<Asker> {
  if (!directory.isMember(relayer)) {
    throw new Problem(403, "not-permitted", `relayer ${relayer} has no seat in the committee`);
  }
  if (await isOfWallet(directory, [relayer], signed)) return "wallet";
  throw new Problem(403, "not-permitted", `the request for relayer ${relayer} is not signed by its account`);
}

function isOfAttestationKey(
  directory: SubjectDirectory,
  nodeIndex: number,
  { digest, signature }: SignedDigest,
): boolean {
  const bytes = hexToBytes(signature);
  if (bytes.length !== ML_DSA_65.signatureBytes) return false;
  const key = directory.attestationKey(nodeIndex);
  return key !== undefined && verifyMlDsa65(key, hexToBytes(digest), bytes);
}

async function isOfWallet(
  directory: SubjectDirectory,
  wallets: readonly Address[],
  { digest, signature }: SignedDigest,
): Promise<boolean> {
  if (hexToBytes(signature).length === ECDSA_BYTES) {
    const signer = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
    if (wallets.some((wallet) => wallet.toLowerCase() === signer?.toLowerCase())) return true;
  }
  for (const wallet of wallets) if (await directory.isContractSignature(wallet, digest, signature)) return true;
  return false;
}
