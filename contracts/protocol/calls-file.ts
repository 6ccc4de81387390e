import { getAddress, type Hex, isAddress, maxUint256 } from "viem";
import { jsonFlaw } from "./file-flaws.ts";
import type { GovernanceCall } from "./inner-calls.ts";

/** A draft of a proposal: what it does, and why. */
export interface ProposalDraft {
  /** Text of the proposer; the first line is its title. */
  description: string;
  calls: GovernanceCall[];
}

/** Most calls of a draft: a proposal of more does not fit a transaction that is executed. */
const MAX_CALLS = 64;
/** Most bytes of calldata in one call. */
const MAX_DATA_BYTES = 131_072;
/** Longest file that is read, in characters. */
const MAX_CHARACTERS = 4_194_304;
const KEYS = new Set(["description", "calls"]);
const CALL_KEYS = new Set(["target", "value", "calldata"]);

/**
 * Reads a draft from JSON: `{"description", "calls": [{"target", "value", "calldata"}]}`, or the list of calls alone.
 *
 * @throws Error naming the field that is wrong and what it must be.
 */
export function parseCallsFile(text: string): ProposalDraft {
  requireField(text.length <= MAX_CHARACTERS, "the file", `at most ${MAX_CHARACTERS} characters long`);
  const parsed = parseJson(text);
  const draft = Array.isArray(parsed) ? { calls: parsed as unknown[], description: "" } : asObject(parsed);
  const unknown = Object.keys(draft).find((key) => !KEYS.has(key));
  requireField(
    unknown === undefined,
    `the field "${unknown?.slice(0, 40)}"`,
    "left out: only description and calls are known",
  );
  const { description = "", calls } = draft as { description?: unknown; calls?: unknown };
  requireField(typeof description === "string", "description", "a text");
  requireField(Array.isArray(calls), "calls", "a list");
  requireField(calls.length > 0, "calls", "at least one call");
  requireField(calls.length <= MAX_CALLS, "calls", `at most ${MAX_CALLS} calls, it has ${calls.length}`);
  return { description, calls: calls.map((call, i) => parseCall(call, `calls[${i}]`)) };
}

/** Text of a file that {@link parseCallsFile} reads. */
export function formatCallsFile({ description, calls }: ProposalDraft): string {
  const rows = calls.map(({ target, value, data }) => ({ target, value: String(value), calldata: data }));
  return `${JSON.stringify({ description, calls: rows }, null, 2)}\n`;
}

function parseCall(value: unknown, field: string): GovernanceCall {
  requireField(typeof value === "object" && value !== null, field, "an object with target, value and calldata");
  const unknown = Object.keys(value).find((key) => !CALL_KEYS.has(key));
  requireField(
    unknown === undefined,
    `${field}.${unknown?.slice(0, 40)}`,
    "left out: a call has target, value and calldata",
  );
  const { target, value: wei = "0", calldata = "0x" } = value as Record<string, unknown>;
  requireField(
    isTarget(target),
    `${field}.target`,
    "an address, 0x and 40 hex digits, with a right checksum if it has one",
  );
  requireField(
    typeof wei === "string" || typeof wei === "number",
    `${field}.value`,
    "wei of the chain's coin as decimal text",
  );
  requireField(
    /^[0-9]{1,78}$/.test(`${wei}`) && BigInt(wei) <= maxUint256,
    `${field}.value`,
    "wei as decimal text below 2^256",
  );
  const isNumberExact = typeof wei === "string" || Number.isSafeInteger(wei);
  requireField(isNumberExact, `${field}.value`, "in quotation marks: a JSON number of this size is not exact");
  requireField(isCalldata(calldata), `${field}.calldata`, "whole bytes in hex, beginning with 0x");
  const length = calldata.length / 2 - 1;
  requireField(length <= MAX_DATA_BYTES, `${field}.calldata`, `at most ${MAX_DATA_BYTES} bytes, it has ${length}`);
  return { target: getAddress(target), value: BigInt(wei), data: calldata.toLowerCase() as Hex };
}

function isTarget(value: unknown): value is Hex {
  if (typeof value !== "string") return false;
  const hasChecksum = value.slice(2) !== value.slice(2).toLowerCase();
  return isAddress(value, { strict: hasChecksum });
}

function isCalldata(value: unknown): value is Hex {
  return typeof value === "string" && value.length % 2 === 0 && /^0x[0-9a-fA-F]*$/.test(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error(`the file ${jsonFlaw(cause)}`, { cause });
  }
}

function asObject(value: unknown): object {
  requireField(typeof value === "object" && value !== null, "the file", "a list of calls, or an object with calls");
  return value;
}

function requireField(ok: boolean, field: string, expected: string): asserts ok {
  if (!ok) throw new Error(`${field} must be ${expected}`);
}
