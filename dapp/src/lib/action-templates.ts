import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { ENTRY_AREAS } from "@pqmesh/contracts/protocol/entry-area";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { PARAMETER_TITLES } from "@pqmesh/contracts/protocol/parameter-titles";
import {
  type Address,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  isHex,
  maxUint256,
  stringToHex,
  zeroAddress,
} from "viem";
import {
  type ActionDraft,
  type ActionField,
  type ActionKind,
  type ActionTemplate,
  type DraftContext,
  DraftProblem,
} from "./action-draft.ts";
import {
  addressOf,
  addressOrNobody,
  amountOf,
  choiceOf,
  durationOf,
  naturalOf,
  parameterValueOf,
  textOf,
  tokenOf,
} from "./action-field-values.ts";
import { AUTHORITY_TEMPLATES } from "./authority-templates.ts";
import { formatDuration, formatTime } from "./format.ts";
import { parameterValue } from "./network-parameters.ts";
import { formatParameter, parameterUnit } from "./parameter-amount.ts";
import { roundTemplates } from "./round-templates.ts";
import { formatToken, type TokenUnit } from "./token-amount.ts";

/** Smallest identity of a voter: those below are operators. */
const FIRST_VOTER = 2n ** 32n;
/** Longest term of an emergency guardian in seconds, `maxGuardianTerm` of the contract. */
const LONGEST_TERM = 365 * 86_400;
/** The chain's coin among the choices of a token. */
const COIN: TokenUnit = { address: zeroAddress, symbol: "ETH", decimals: 18 };
/** Most bytes of calldata in one call. */
const MAX_DATA_BYTES = 131_072;

const callOf = (target: Address, data: Hex): GovernanceCall => ({ target, value: 0n, data });
const tokenChoices = (tokens: readonly TokenUnit[]) => tokens.map(({ address, symbol }) => [address, symbol] as const);
const AREA: ActionField = {
  ...{ name: "area", label: "What enters" },
  choices: () => ENTRY_AREAS.map((entries, i) => [String(i), entries] as const),
};
/** Once the network has an authority, its certificates decide who votes. */
const WITHOUT_CERTIFICATES = "Counts only as long as votes do not follow certificates.";
const OPERATOR: ActionField = {
  ...{ name: "identity", label: "Operator" },
  hint: () => `Number of its identity. ${WITHOUT_CERTIFICATES}`,
};
const NULLIFIER: ActionField = {
  ...{ name: "nullifier", label: "Nullifier of the voter" },
  hint: () =>
    `Stands for the person and stays the same for ever: a number or hex, at least 4,294,967,296. ${WITHOUT_CERTIFICATES}`,
};

/** How each action is typed and becomes a call. */
export const ACTION_TEMPLATES: Readonly<Record<ActionKind, ActionTemplate>> = {
  ...roundTemplates((draft, context) => ACTION_TEMPLATES[draft.kind].read(draft, context)),
  parameter: {
    ...{ title: "Change a governed number", group: "Numbers and money" },
    fields: [
      {
        ...{ name: "name", label: "Number" },
        choices: ({ parameters }) => parameterChoices(parameters),
        hint: (_, { name = "" }) => parameterNotes[name]?.reason ?? "",
      },
      { name: "value", label: "New value", hint: valueHint },
    ],
    read: readParameter,
  },
  payment: {
    ...{ title: "Pay out of the treasury", group: "Numbers and money" },
    fields: [
      { name: "to", label: "Receiver", placeholder: "0x…" },
      { name: "token", label: "Token", choices: ({ tokens }) => tokenChoices([...tokens, COIN]) },
      { name: "amount", label: "Amount", placeholder: "0", hint: treasuryHint },
    ],
    read: readPayment,
  },
  allowToken: {
    ...{ title: "Allow a token in the market", group: "Market" },
    fields: [
      { name: "token", label: "Token", placeholder: "0x…", hint: tokenHint },
      { name: "janitorFee", label: "Fee of the janitor", hint: () => "What each lease prepays for being closed." },
      { name: "minDeposit", label: "Least deposit of a lease" },
    ],
    read: readAllowToken,
  },
  stopToken: {
    ...{ title: "Stop new leases in a token", group: "Market" },
    fields: [{ name: "token", label: "Token", choices: ({ tokens }) => tokenChoices(tokens.slice(1)) }],
    read({ fields }, { contracts, tokens }) {
      const token = choiceOf(fields, "token", tokenChoices(tokens.slice(1))) as Address;
      const args = [token, { isAllowed: false, janitorFee: 0n, minDeposit: 0n }] as const;
      return callOf(
        contracts.LeaseEscrow,
        encodeFunctionData({ abi: leaseEscrowAbi, functionName: "setTokenRule", args }),
      );
    },
  },
  admitVoter: {
    ...{ title: "Admit a voter", group: "Identities" },
    fields: [
      { name: "account", label: "Account that votes", placeholder: "0x…" },
      NULLIFIER,
      { name: "term", label: "For how long", placeholder: "365 d" },
    ],
    read({ fields }, { contracts, executableAt }) {
      const account = addressOf(fields, "account");
      const nullifier = naturalOf(fields, "nullifier", { min: FIRST_VOTER, max: maxUint256 });
      const args = [account, nullifier, executableAt + durationOf(fields, "term")] as const;
      return identityCall(contracts, encodeFunctionData({ abi: admittedIdentitiesAbi, functionName: "admit", args }));
    },
  },
  revokeVoter: {
    ...{ title: "Revoke a voter", group: "Identities" },
    fields: [NULLIFIER],
    read({ fields }, { contracts }) {
      const args = [naturalOf(fields, "nullifier", { min: FIRST_VOTER, max: maxUint256 })] as const;
      return identityCall(contracts, encodeFunctionData({ abi: admittedIdentitiesAbi, functionName: "revoke", args }));
    },
  },
  suspendOperator: operatorTemplate("suspend", "Suspend an operator's votes"),
  releaseOperator: operatorTemplate("release", "Give a suspended operator its votes back"),
  setGate: {
    ...{ title: "Replace the gate of identities", group: "Identities" },
    fields: [
      {
        ...{ name: "gate", label: "Contract that says who may vote", placeholder: "0x…" },
        hint: () => "A wrong one takes all votes away, and nobody could vote to undo it.",
      },
    ],
    read({ fields }, { contracts }) {
      const args = [addressOf(fields, "gate")] as const;
      return callOf(
        contracts.QuadraticVotes,
        encodeFunctionData({ abi: quadraticVotesAbi, functionName: "setGate", args }),
      );
    },
  },
  ...AUTHORITY_TEMPLATES,
  proposalGuardian: {
    ...{ title: "Name the guardian of proposals", group: "Safety" },
    fields: [
      {
        ...{ name: "guardian", label: "Guardian", placeholder: "0x… or nobody" },
        hint: ({ parameters }) =>
          `Can cancel any proposal for ${formatDuration(Number(parameterValue(parameters, "guardianTerm")))} (guardianTerm).`,
      },
    ],
    read({ fields }, { contracts }) {
      const args = [addressOrNobody(fields, "guardian")] as const;
      const data = encodeFunctionData({ abi: meshGovernorAbi, functionName: "setProposalGuardian", args });
      return callOf(contracts.MeshGovernor, data);
    },
  },
  emergencyGuardian: {
    ...{ title: "Name the emergency guardian", group: "Safety" },
    fields: [
      {
        ...{ name: "guardian", label: "Guardian", placeholder: "0x… or nobody" },
        hint: () => "Can pause entries at once, for a time; never exits.",
      },
      { name: "term", label: "For how long", placeholder: "180 d", hint: () => "At most 365 d; none for nobody." },
    ],
    read: readEmergencyGuardian,
  },
  pauseEntry: {
    ...{ title: "Pause an entry", group: "Safety" },
    fields: [AREA, { name: "length", label: "For how long", placeholder: "2 d", hint: pauseHint }],
    read: readPause,
  },
  resumeEntry: {
    ...{ title: "End the pause of an entry", group: "Safety" },
    fields: [AREA],
    read({ fields }, context) {
      const data = encodeFunctionData({
        abi: networkParametersAbi,
        functionName: "resumeEntry",
        args: [areaOf(fields)],
      });
      return callOf(context.contracts.NetworkParameters, data);
    },
  },
  rawCall: {
    ...{ title: "A call with calldata of your own", group: "Other" },
    fields: [
      { name: "target", label: "Target", placeholder: "0x…" },
      { name: "value", label: "Value in wei", placeholder: "0" },
      { name: "calldata", label: "Calldata", placeholder: "0x…", isLong: true },
    ],
    read: readRawCall,
  },
  preparedCall: {
    ...{ title: "A call that was made elsewhere", group: "Other", fields: [] },
    read({ call }) {
      if (!call) throw new DraftProblem("", "There is no call.");
      return call;
    },
  },
};

/** Call of an action, or the field that is wrong and why. */
export type ActionReading = { call: GovernanceCall } | { field: string; problem: string };

/** Reads an action; the problem of an option names it as `options.0.value`. */
export function readAction(draft: ActionDraft, context: DraftContext): ActionReading {
  try {
    return { call: ACTION_TEMPLATES[draft.kind].read(draft, context) };
  } catch (error) {
    if (error instanceof DraftProblem) return { field: error.field, problem: error.message };
    throw error;
  }
}

/** An action of a kind with the first of each choice. */
export function newAction(kind: ActionKind, context: DraftContext): ActionDraft {
  const { fields, optionKinds } = ACTION_TEMPLATES[kind];
  const chosen = fields.map(({ name, choices }) => [name, choices?.(context)[0]?.[0] ?? ""] as const);
  const [option] = optionKinds ?? [];
  return {
    ...{ kind, fields: Object.fromEntries(chosen) },
    ...(option && { options: [newAction(option, context), newAction(option, context)] }),
  };
}

function parameterChoices(parameters: DraftContext["parameters"]): (readonly [string, string])[] {
  return [...parameters]
    .filter(([, { min, max }]) => min < max)
    .map(([name]) => [name, `${name}: ${PARAMETER_TITLES[name] ?? ""}`] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function valueHint({ parameters }: DraftContext, { name = "" }: ActionDraft["fields"]): string {
  const row = parameters.get(name);
  if (!row) return "";
  const unit = parameterNotes[name]?.unit ?? "";
  const [now, min, max] = [row.value, row.min, row.max].map((value) => formatParameter(value, unit));
  const counts = parameterUnit(unit);
  const coming = row.change
    ? ` A change to ${formatParameter(row.change.value, unit)} is under way; this would replace it.`
    : "";
  const effect = row.notice === 0 ? "at once" : `${formatDuration(row.notice)} after it is executed`;
  return `Now ${now}${counts ? ` (${counts})` : ""}; from ${min} to ${max}. In force ${effect}.${coming}`;
}

function readParameter({ fields }: ActionDraft, { contracts, parameters }: DraftContext): GovernanceCall {
  const name = choiceOf(fields, "name", parameterChoices(parameters));
  const unit = parameterNotes[name]?.unit ?? "";
  const { min, max } = parameters.get(name)!;
  const value = parameterValueOf(fields, "value", unit);
  if (value < min) throw new DraftProblem("value", `${name} must be at least ${formatParameter(min, unit)}.`);
  if (value > max) throw new DraftProblem("value", `${name} must be at most ${formatParameter(max, unit)}.`);
  const args = [stringToHex(name, { size: 32 }), value] as const;
  return callOf(
    contracts.NetworkParameters,
    encodeFunctionData({ abi: networkParametersAbi, functionName: "set", args }),
  );
}

function chosenToken({ token = "" }: ActionDraft["fields"], { tokens }: DraftContext): TokenUnit {
  return tokens.find(({ address }) => address === token) ?? COIN;
}

function treasuryHint(context: DraftContext, fields: ActionDraft["fields"]): string {
  const unit = chosenToken(fields, context);
  const held = context.treasury.get(unit === COIN ? "" : unit.address.toLowerCase());
  return held === undefined ? "" : `The treasury has ${formatToken(held, unit)}.`;
}

function readPayment({ fields }: ActionDraft, context: DraftContext): GovernanceCall {
  const to = addressOf(fields, "to");
  choiceOf(fields, "token", tokenChoices([...context.tokens, COIN]));
  const unit = chosenToken(fields, context);
  const amount = amountOf(fields, "amount", { unit });
  const held = context.treasury.get(unit === COIN ? "" : unit.address.toLowerCase());
  if (held !== undefined && amount > held) {
    throw new DraftProblem("amount", `The treasury has ${formatToken(held, unit)}.`);
  }
  if (unit === COIN) return { target: to, value: amount, data: "0x" };
  return callOf(unit.address, encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] }));
}

function tokenHint({ typedTokens, tokens }: DraftContext, { token = "" }: ActionDraft["fields"]): string {
  const address = token.trim().toLowerCase();
  const known = tokens.find((one) => one.address.toLowerCase() === address) ?? typedTokens.get(address);
  return known ? `It calls itself ${known.symbol} and has ${known.decimals} decimals.` : "Address of an ERC-20 token.";
}

function readAllowToken({ fields }: ActionDraft, context: DraftContext): GovernanceCall {
  const unit = tokenOf(fields, "token", context);
  const rule = {
    isAllowed: true,
    janitorFee: amountOf(fields, "janitorFee", { unit, canBeZero: true, bits: 64n }),
    minDeposit: amountOf(fields, "minDeposit", { unit, canBeZero: true, bits: 96n }),
  };
  const args = [unit.address, rule] as const;
  return callOf(
    context.contracts.LeaseEscrow,
    encodeFunctionData({ abi: leaseEscrowAbi, functionName: "setTokenRule", args }),
  );
}

function operatorTemplate(functionName: "suspend" | "release", title: string): ActionTemplate {
  return {
    ...{ title, group: "Identities", fields: [OPERATOR] },
    read({ fields }, { contracts }) {
      const args = [Number(naturalOf(fields, "identity", { min: 1n, max: FIRST_VOTER - 1n }))] as const;
      return identityCall(contracts, encodeFunctionData({ abi: admittedIdentitiesAbi, functionName, args }));
    },
  };
}

function identityCall(contracts: DraftContext["contracts"], data: Hex): GovernanceCall {
  return callOf(contracts.AdmittedIdentities, data);
}

function readEmergencyGuardian({ fields }: ActionDraft, { contracts, executableAt }: DraftContext): GovernanceCall {
  const guardian = addressOrNobody(fields, "guardian");
  const term = guardian === zeroAddress ? 0 : durationOf(fields, "term");
  if (guardian !== zeroAddress && term === 0) throw new DraftProblem("term", "Enter more than zero.");
  if (term > LONGEST_TERM) throw new DraftProblem("term", "It must be at most 365 d.");
  const args = [guardian, term === 0 ? 0n : BigInt(executableAt + term)] as const;
  return callOf(
    contracts.NetworkParameters,
    encodeFunctionData({ abi: networkParametersAbi, functionName: "setEmergencyGuardian", args }),
  );
}

function pauseHint({ parameters, executableAt }: DraftContext): string {
  const longest = formatDuration(Number(parameterValue(parameters, "maxPause")));
  return `At most ${longest} (maxPause), counted from the earliest execution at ${formatTime(executableAt)}. Executed later, it is shorter.`;
}

function areaOf(fields: ActionDraft["fields"]): number {
  return Number(choiceOf(fields, "area", AREA.choices!({} as DraftContext)));
}

function readPause({ fields }: ActionDraft, { contracts, parameters, executableAt }: DraftContext): GovernanceCall {
  const area = areaOf(fields);
  const length = durationOf(fields, "length");
  const longest = Number(parameterValue(parameters, "maxPause"));
  if (length === 0) throw new DraftProblem("length", "Enter more than zero.");
  if (length > longest) throw new DraftProblem("length", `It must be at most ${formatDuration(longest)} (maxPause).`);
  const args = [area, BigInt(executableAt + length)] as const;
  return callOf(
    contracts.NetworkParameters,
    encodeFunctionData({ abi: networkParametersAbi, functionName: "pauseEntry", args }),
  );
}

function readRawCall({ fields }: ActionDraft): GovernanceCall {
  const target = addressOf(fields, "target");
  const value = textOf(fields, "value") === "" ? 0n : naturalOf(fields, "value", { min: 0n, max: maxUint256 });
  const data = textOf(fields, "calldata") || "0x";
  if (!isHex(data) || data.length % 2 !== 0) {
    throw new DraftProblem("calldata", "It must be whole bytes in hex, beginning with 0x.");
  }
  const length = data.length / 2 - 1;
  if (length > MAX_DATA_BYTES) {
    throw new DraftProblem("calldata", `It has ${length} bytes; at most ${MAX_DATA_BYTES} are allowed.`);
  }
  return { target, value, data: data.toLowerCase() as Hex };
}
