import { certificateKindNumber, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { formatDid, formatMemberDid } from "@pqmesh/contracts/protocol/did";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, type Hex, keccak256, toBytes, zeroAddress } from "viem";
import { certificateHash } from "../../relayer/src/pki/peer-identity.ts";
import type { IssuedCertificate } from "../../relayer/src/pki/certificate-authority.ts";
import { developmentAccount } from "./accounts.ts";
import type { DevnetIdentities } from "./identities.ts";

/** All kinds of certificates, as bits of `ICertificateRegistry.Kind`. */
const ALL_KINDS = 0x1e;
/** First identity that no operator can have. */
const NO_IDENTITY = 2 ** 32 - 1;

/** A certificate as `ICertificateRegistry.Issuance` records it. */
export interface Issuance {
  serial: bigint;
  kind: number;
  subject: bigint;
  account: Address;
  notBefore: number;
  notAfter: number;
  x509Hash: Hex;
}

/** Certificates of a devnet, each in the order of those whom they name. */
export interface DevnetCertificates {
  operators: IssuedCertificate[];
  nodes: IssuedCertificate[];
  relayers: IssuedCertificate[];
  /** What the chain records of all of them. */
  issuances: Issuance[];
}

/** Has the authority certify every operator, node and relayer. */
export async function issueCertificates(
  { authority, operators, nodes, relayers }: DevnetIdentities,
  { chainId, contracts }: NetworkConfig,
  hosts: string[],
): Promise<DevnetCertificates> {
  const registry = contracts.NodeRegistry;
  const addressOf = (i: number): Address => developmentAccount("relayer", chainId, i).address;
  const ofOperators = await inOrder(operators, ({ tls: { publicKey } }, i) => {
    const did = formatMemberDid({ chainId, registry, kind: "operator", subject: BigInt(i + 1) });
    return authority.issueHolder({ key: { publicKey }, did });
  });
  const ofNodes = await inOrder(nodes, ({ tls: { publicKey }, attestationPublicKey }, nodeIndex) => {
    const did = formatDid({ chainId, registry, nodeIndex });
    return authority.issueNode({ key: { publicKey }, did, attestationKey: attestationPublicKey });
  });
  const ofRelayers = await inOrder(relayers, ({ tls: { publicKey } }, i) =>
    authority.issueRelayer({ key: { publicKey }, address: addressOf(i), hosts }),
  );
  const issuances = [
    ...ofOperators.map((issued, i) => issuanceOf("operator", BigInt(i + 1), issued)),
    ...ofNodes.map((issued, i) => issuanceOf("node", BigInt(i), issued)),
    ...ofRelayers.map((issued, i) => issuanceOf("relayer", BigInt(addressOf(i)), issued)),
  ];
  return { operators: ofOperators, nodes: ofNodes, relayers: ofRelayers, issuances };
}

/** Terms of the devnet's root authority: whatever there is, of any operator. */
export function authorityTerms({ authority, recoveryPublicKey }: DevnetIdentities, account: Address) {
  const { certificate, trustDomain } = authority;
  return {
    ...{ account, recoveryKey: recoveryPublicKey, trustDomain: keccak256(toBytes(trustDomain)) },
    ...{ x509Hash: certificateHash(certificate), notAfter: seconds(certificate.validToDate), pathLength: 0 },
    ...{ kinds: ALL_KINDS, identityFrom: 1, identityUntil: NO_IDENTITY },
  };
}

function issuanceOf(kind: CertificateKind, subject: bigint, { certificate, serialNumber, hash }: IssuedCertificate) {
  const { validFromDate, validToDate } = certificate;
  return {
    ...{ serial: BigInt(`0x${serialNumber}`), kind: certificateKindNumber(kind), subject, account: zeroAddress },
    ...{ notBefore: seconds(validFromDate), notAfter: seconds(validToDate), x509Hash: hash },
  };
}

function seconds(date: Date): number {
  return date.getTime() / 1_000;
}

async function inOrder<T, R>(items: T[], make: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const [i, item] of items.entries()) made.push(await make(item, i));
  return made;
}
