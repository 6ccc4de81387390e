import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { type StatementDomain, statementTypes } from "@pqmesh/contracts/protocol/eip712";
import type { Report } from "@pqmesh/contracts/protocol/report";
import { ROOT_OPERATIONS, type RegistryDomain, type RootOrder } from "@pqmesh/contracts/protocol/root-order";
import type { Address, Hex } from "viem";

/** A statement as JSON holds it: every integer is a decimal text. */
type Texts = Record<string, string>;

/** A vector of an EIP-712 digest. */
export interface StatementVector<T> {
  name: string;
  domain: StatementDomain;
  message: T;
  digest: Hex;
}

interface StatementCase {
  name: string;
  domain: { chainId: string; bridge: Address };
  digest: Hex;
}

/** Content of `attestation.json`. */
export interface AttestationVectors {
  cases: (StatementVector<Attestation> & { wire: Hex })[];
  signed: { domain: StatementDomain; attestation: Attestation; signature: Hex; wire: Hex; digest: Hex };
}

/** Content of `report.json`. */
export interface ReportVectors {
  cases: StatementVector<Report>[];
  indexLists: { indices: string[]; list: Hex }[];
  invalidIndexLists: Hex[];
  quorums: { seats: string; quorum: string }[];
  leaders: { epoch: string; shard: string; round: string; seats: string; seat: string }[];
  shards: { nodeIndex: string; shard: string }[];
}

/** Content of `receipt.json`. */
export interface ReceiptVectors {
  cases: StatementVector<{ epoch: bigint; root: Hex }>[];
  trees: { size: string; digests: Hex[]; root: Hex; paths: Hex[][] }[];
}

/** Content of `leaf.json`. */
export interface LeafVectors {
  leaves: { nodeIndex: string; attestationHash: Hex; signature: Hex; signatureHash: Hex; leaf: Hex }[];
  trees: { name: string; root: Hex; emptyProof: Hex[]; proofs: { nodeIndex: string; leaf: Hex; proof: Hex[] }[] }[];
}

/** Content of `did.json`. */
export interface DidVectors {
  cases: { chainId: string; registry: Address; nodeIndex: string; did: string }[];
  invalid: string[];
}

/** Content of `ml-dsa-key.json`. */
export interface MlDsaKeyVectors {
  cases: { name: string; key: Hex; degenerate: boolean }[];
}

/** A vector of `root-order.json`. */
export interface RootOrderVector {
  name: string;
  domain: RegistryDomain;
  order: RootOrder;
  nonce: number;
  digest: Hex;
}

/** Content of `trust-score.json`; the quality of an absent epoch is -1. */
export interface TrustScoreVectors {
  scores: {
    name: string;
    epochs: string[];
    policy: Record<"halfLifeEpochs" | "attestedBp" | "behaviourBp" | "auditBp", string>;
    auditBp: string;
    attestedRatio: string;
    behaviourRatio: string;
    score: string;
  }[];
  steps: Record<"previous" | "sampleBp" | "halfLifeEpochs" | "next", string>[];
}

/** Reads a vector file. @throws when one of its lists is empty: then nothing would be tested. */
function read<T>(name: string): T {
  const content = JSON.parse(readFileSync(join(import.meta.dirname, `../vectors/${name}.json`), "utf8")) as T;
  for (const [key, list] of Object.entries(content as Record<string, unknown>)) {
    if (Array.isArray(list) && list.length === 0) throw new Error(`${name}.json has no ${key}`);
  }
  return content;
}

function toDomain({ chainId, bridge }: { chainId: string; bridge: Address }): StatementDomain {
  return { chainId: Number(chainId), bridge };
}

/** Turns decimal texts into what the protocol code works with: numbers up to 32 bits, bigints above. */
function toMessage<T>(statement: keyof typeof statementTypes, texts: Texts): T {
  const fields = statementTypes[statement].map(({ name, type }) => {
    const text = texts[name]!;
    if (type.startsWith("bytes")) return [name, text] as const;
    return [name, Number(type.slice(4)) <= 32 ? Number(text) : BigInt(text)] as const;
  });
  return Object.fromEntries(fields) as T;
}

export function attestationVectors(): AttestationVectors {
  const { cases, signed } = read<{
    cases: (StatementCase & { attestation: Texts; wire: Hex })[];
    signed: StatementCase & { attestation: Texts; signature: Hex; wire: Hex };
  }>("attestation");
  return {
    cases: cases.map(({ attestation, domain, ...rest }) => {
      return { ...rest, domain: toDomain(domain), message: toMessage<Attestation>("Attestation", attestation) };
    }),
    signed: {
      ...signed,
      domain: toDomain(signed.domain),
      attestation: toMessage<Attestation>("Attestation", signed.attestation),
    },
  };
}

export function reportVectors(): ReportVectors {
  const { cases, ...rest } = read<Omit<ReportVectors, "cases"> & { cases: (StatementCase & { report: Texts })[] }>(
    "report",
  );
  return {
    ...rest,
    cases: cases.map(({ name, domain, report, digest }) => {
      return { name, domain: toDomain(domain), message: toMessage<Report>("Report", report), digest };
    }),
  };
}

export function receiptVectors(): ReceiptVectors {
  const { cases, trees } = read<{
    cases: (StatementCase & { receipt: Texts })[];
    trees: ReceiptVectors["trees"];
  }>("receipt");
  return {
    trees,
    cases: cases.map(({ name, domain, receipt, digest }) => {
      return { name, domain: toDomain(domain), message: toMessage("Receipt", receipt), digest };
    }),
  };
}

export function leafVectors(): LeafVectors {
  return read<LeafVectors>("leaf");
}

export function didVectors(): DidVectors {
  return read<DidVectors>("did");
}

export function mlDsaKeyVectors(): MlDsaKeyVectors {
  return read<MlDsaKeyVectors>("ml-dsa-key");
}

export function rootOrderVectors(): RootOrderVector[] {
  const { cases } = read<{ cases: (Omit<RootOrderVector, "order" | "nonce"> & { order: Texts; nonce: string })[] }>(
    "root-order",
  );
  return cases.map(({ domain, order, nonce, ...rest }) => ({
    ...rest,
    domain: { ...domain, chainId: Number(domain.chainId) },
    nonce: Number(nonce),
    order: {
      operation: ROOT_OPERATIONS[Number(order.operation)]!,
      ...{ identityId: Number(order.identityId), nodeIndex: Number(order.nodeIndex), amount: BigInt(order.amount!) },
      ...{ recipient: order.recipient as Address, newRootKey: order.newRootKey as Hex },
      deadline: BigInt(order.deadline!),
    },
  }));
}

export function trustScoreVectors(): TrustScoreVectors {
  return read<TrustScoreVectors>("trust-score");
}
