import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import {
  CERTIFICATE_KINDS,
  certificateKindNumber,
  type CertificateKind,
} from "@pqmesh/contracts/protocol/certificate-kind";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { encodeFunctionData, type Hex, isHex, keccak256, stringToHex } from "viem";
import {
  type ActionDraft,
  type ActionField,
  type ActionTemplate,
  type DraftContext,
  DraftProblem,
} from "./action-draft.ts";
import { addressOf, choiceOf, durationOf, naturalOf, textOf } from "./action-field-values.ts";
import { AUTHORITY_REASONS } from "./certificate-words.ts";
import { readX509 } from "./x509-record.ts";

const LARGEST_NUMBER = 2n ** 32n - 1n;
/** Authorities below a root at most: depth 4 together with it. */
const MOST_BELOW = 3n;
const ZERO_KEY = `0x${"00".repeat(32)}`;
const TRUST_DOMAIN = /^[a-z0-9]([a-z0-9._-]{0,253}[a-z0-9])?$/;

const REGISTRY = { abi: certificateRegistryAbi } as const;
const AUTHORITY: ActionField = { name: "authority", label: "Authority", hint: () => "Its number; they count from 1." };
const REASON: ActionField = {
  ...{ name: "reason", label: "Reason" },
  choices: () => AUTHORITY_REASONS.map(([code, words]) => [String(code), words] as const),
};

/** A field of the terms of an authority. */
export interface AdmissionField extends Omit<ActionField, "hint" | "choices"> {
  hint?: string;
}

/** What is asked about an authority that is admitted, whoever admits it. */
export const ADMISSION_FIELDS: readonly AdmissionField[] = [
  { name: "account", label: "Account that issues and revokes", placeholder: "0x…" },
  {
    ...{ name: "recoveryKey", label: "Recovery key", placeholder: "0x…, 32 bytes" },
    hint: "Its offline SLH-DSA-SHA2-128s public key, for emergencies.",
  },
  { name: "term", label: "For how long", placeholder: "1825 d" },
  {
    ...{ name: "kinds", label: "Issues for", placeholder: CERTIFICATE_KINDS.join(", ") },
    hint: "Kinds of certificates, separated by commas.",
  },
  { name: "pathLength", label: "Levels below it", placeholder: "0", hint: "Of further authorities, up to 3." },
  { name: "identityFrom", label: "First operator it may certify", placeholder: "1" },
  { name: "identityUntil", label: "First operator after them", placeholder: String(LARGEST_NUMBER) },
  {
    ...{ name: "certificate", label: "Its certificate, in PEM", placeholder: "-----BEGIN CERTIFICATE-----" },
    ...{ isLong: true, hint: "Only its SHA-256 goes on chain." },
  },
];

/** How authorities are admitted and dismissed by a proposal. */
export const AUTHORITY_TEMPLATES = {
  admitAuthority: {
    ...{ title: "Admit a certificate authority", group: "Certificates" },
    fields: [
      { name: "trustDomain", label: "Trust domain", placeholder: "mesh.example", hint: () => "Of its SPIFFE names." },
      ...ADMISSION_FIELDS.map(({ hint, ...field }) => ({ ...field, ...(hint && { hint: () => hint }) })),
    ],
    read: readAdmission,
  },
  taintAuthority: {
    ...{ title: "Taint a certificate authority", group: "Certificates" },
    fields: [
      AUTHORITY,
      {
        ...{ name: "ago", label: "Since when, before execution", placeholder: "7 d" },
        hint: () => "What it issued since then is not good at once; counted back from the earliest execution.",
      },
      {
        ...{ name: "rest", label: "Time to rotate the rest", placeholder: "14 d" },
        hint: () => "After it the authority is revoked, with everything below it.",
      },
    ],
    read({ fields }, { contracts, executableAt }) {
      const [ago, rest] = [durationOf(fields, "ago"), durationOf(fields, "rest")];
      if (rest === 0) throw new DraftProblem("rest", "Enter more than zero.");
      const args = [authorityOf(fields), executableAt - ago, executableAt + rest] as const;
      return callOf(contracts, encodeFunctionData({ ...REGISTRY, functionName: "taintAuthority", args }));
    },
  },
  holdAuthority: {
    ...{ title: "Put a certificate authority on hold", group: "Certificates" },
    fields: [{ ...AUTHORITY, hint: () => "Whatever it or one below it certified is refused until it is released." }],
    read: ({ fields }, { contracts }) => authorityCall(contracts, "holdAuthority", fields),
  },
  releaseAuthority: {
    ...{ title: "Release a certificate authority from a hold", group: "Certificates" },
    fields: [{ ...AUTHORITY, hint: () => "Also from a hold that an authority above put." }],
    read: ({ fields }, { contracts }) => authorityCall(contracts, "releaseAuthority", fields),
  },
  setAuthorityAccount: {
    ...{ title: "Hand a certificate authority to another account", group: "Certificates" },
    fields: [
      AUTHORITY,
      {
        ...{ name: "account", label: "New account", placeholder: "0x…" },
        hint: () => "Issues and revokes from then on; the delegates that the old one named go with it.",
      },
    ],
    read({ fields }, { contracts }) {
      const args = [authorityOf(fields), addressOf(fields, "account")] as const;
      return callOf(contracts, encodeFunctionData({ ...REGISTRY, functionName: "setAuthorityAccount", args }));
    },
  },
  revokeAuthority: {
    ...{ title: "Revoke a certificate authority", group: "Certificates" },
    fields: [AUTHORITY, REASON],
    read({ fields }, context) {
      const reason = Number(choiceOf(fields, "reason", REASON.choices!(context)));
      const args = [authorityOf(fields), reason] as const;
      return callOf(context.contracts, encodeFunctionData({ ...REGISTRY, functionName: "revokeAuthority", args }));
    },
  },
} as const satisfies Record<string, ActionTemplate>;

/** Terms of an authority that is admitted at a moment. @throws DraftProblem naming a field that is wrong. */
export function admissionTermsOf(
  fields: ActionDraft["fields"],
  { trustDomain, from }: { trustDomain: Hex; from: number },
) {
  const term = durationOf(fields, "term");
  if (term === 0) throw new DraftProblem("term", "Enter more than zero.");
  const identityFrom = Number(naturalOf(fields, "identityFrom", { min: 1n, max: LARGEST_NUMBER - 1n }));
  return {
    account: addressOf(fields, "account"),
    recoveryKey: recoveryKeyOf(fields),
    trustDomain,
    x509Hash: certificateHashOf(fields),
    notAfter: from + term,
    pathLength: Number(naturalOf(fields, "pathLength", { min: 0n, max: MOST_BELOW })),
    kinds: kindsOf(fields),
    identityFrom,
    identityUntil: Number(naturalOf(fields, "identityUntil", { min: BigInt(identityFrom) + 1n, max: LARGEST_NUMBER })),
  };
}

/** Terms of an authority as the registry takes them. */
export type AuthorityTerms = ReturnType<typeof admissionTermsOf>;

function readAdmission({ fields }: ActionDraft, { contracts, executableAt }: DraftContext): GovernanceCall {
  const terms = admissionTermsOf(fields, { trustDomain: trustDomainOf(fields), from: executableAt });
  return callOf(contracts, encodeFunctionData({ ...REGISTRY, functionName: "admitRoot", args: [terms] }));
}

function callOf(contracts: DraftContext["contracts"], data: Hex): GovernanceCall {
  return { target: contracts.CertificateRegistry, value: 0n, data };
}

function authorityCall(
  contracts: DraftContext["contracts"],
  functionName: "holdAuthority" | "releaseAuthority",
  fields: ActionDraft["fields"],
): GovernanceCall {
  return callOf(contracts, encodeFunctionData({ ...REGISTRY, functionName, args: [authorityOf(fields)] }));
}

function authorityOf(fields: ActionDraft["fields"]): number {
  return Number(naturalOf(fields, "authority", { min: 1n, max: LARGEST_NUMBER }));
}

function recoveryKeyOf(fields: ActionDraft["fields"]): Hex {
  const text = textOf(fields, "recoveryKey").toLowerCase();
  if (isHex(text) && text.length === 66 && text !== ZERO_KEY) return text;
  throw new DraftProblem("recoveryKey", "Enter 32 bytes in hex with 0x, not all zero.");
}

function trustDomainOf(fields: ActionDraft["fields"]): Hex {
  const text = textOf(fields, "trustDomain");
  if (TRUST_DOMAIN.test(text)) return keccak256(stringToHex(text));
  throw new DraftProblem("trustDomain", 'It has 1 to 255 characters of a-z, 0-9, ".", "-" and "_".');
}

function certificateHashOf(fields: ActionDraft["fields"]): Hex {
  try {
    return readX509(textOf(fields, "certificate")).x509Hash;
  } catch (error) {
    throw new DraftProblem("certificate", (error as Error).message);
  }
}

function kindsOf(fields: ActionDraft["fields"]): number {
  const names = textOf(fields, "kinds")
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean);
  const known = names.filter((name): name is CertificateKind =>
    (CERTIFICATE_KINDS as readonly string[]).includes(name),
  );
  if (names.length === 0 || known.length < names.length) {
    throw new DraftProblem("kinds", `Enter some of ${CERTIFICATE_KINDS.join(", ")}, separated by commas.`);
  }
  return known.reduce((bits, kind) => bits | (1 << certificateKindNumber(kind)), 0);
}
