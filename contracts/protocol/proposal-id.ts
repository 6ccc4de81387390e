import { encodeAbiParameters, type Hex, keccak256, stringToHex } from "viem";
import type { GovernanceCall } from "./inner-calls.ts";

/** What the number of a proposal is the hash of. */
export interface ProposalContent {
  calls: readonly GovernanceCall[];
  description: string;
}

/** Digits of a number that people see. */
const SHOWN_DIGITS = 10;

/** First digits of a proposal's number, which name it. */
export function shortId(id: bigint): string {
  return String(id).slice(0, SHOWN_DIGITS);
}

/** The calls of a proposal as governors take them to queue, execute and cancel it. */
export function governorArguments(proposal: Pick<ProposalContent, "calls"> & { descriptionHash: Hex }) {
  const { calls } = proposal;
  return [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map(({ data }) => data),
    proposal.descriptionHash,
  ] as const;
}

/** Number of the proposal with these calls and this description, as governors count. */
export function proposalIdOf({ calls, description }: ProposalContent): bigint {
  const descriptionHash = keccak256(stringToHex(description));
  const types = [{ type: "address[]" }, { type: "uint256[]" }, { type: "bytes[]" }, { type: "bytes32" }] as const;
  return BigInt(keccak256(encodeAbiParameters(types, governorArguments({ calls, descriptionHash }))));
}
