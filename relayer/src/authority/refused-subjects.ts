import { getAddress } from "viem/utils";
import { z } from "zod";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";

/** Whom a certificate is for. */
export interface Subject {
  kind: CertificateKind;
  /** identityId, nodeIndex, or address as a number. */
  subject: bigint;
}

const NUMBERED = /^(operator|node):(0|[1-9][0-9]{0,9})$/;
const RELAYER = /^relayer:(0x[0-9a-fA-F]{40})$/;
const MAX_NUMBER = 0xffff_ffffn;

/** A subject as text: `operator:3`, `node:7` or `relayer:0x…`. */
export const subjectSchema = z.string().transform((text, context): Subject => {
  const [, kind, number = ""] = NUMBERED.exec(text) ?? [];
  if (kind && BigInt(number) <= MAX_NUMBER) return { kind: kind as "operator" | "node", subject: BigInt(number) };
  const [, address] = RELAYER.exec(text) ?? [];
  if (address) return { kind: "relayer", subject: BigInt(address) };
  context.addIssue(`"${text.slice(0, 60)}" is not operator:NUMBER, node:NUMBER or relayer:ADDRESS`);
  return z.NEVER;
});

/**
 * Tells whether an authority's staff wants no certificate for a subject; with an operator go its nodes.
 *
 * @returns One sentence, undefined when nothing is against it.
 */
export function refusalOf(
  { kind, subject }: Subject,
  { refused, identityOfNode }: { refused: readonly Subject[]; identityOfNode(nodeIndex: number): number | undefined },
): string | undefined {
  const isRefused = (one: Subject): boolean =>
    refused.some((other) => other.kind === one.kind && other.subject === one.subject);
  const name =
    kind === "relayer" ? `relayer ${getAddress(`0x${subject.toString(16).padStart(40, "0")}`)}` : `${kind} ${subject}`;
  if (isRefused({ kind, subject })) return `this authority gives ${name} no certificate`;
  const identityId = kind === "node" ? identityOfNode(Number(subject)) : undefined;
  if (identityId === undefined || !isRefused({ kind: "operator", subject: BigInt(identityId) })) return undefined;
  return `this authority gives operator ${identityId}, whose node ${subject} is, no certificate`;
}
