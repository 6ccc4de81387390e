import { descriptionHash } from "@pqmesh/contracts/protocol/description-hash";
import type { Address, Hex } from "viem";
import { findLogs } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError, usageError } from "./output.ts";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";

/** States of a proposal, as `IGovernor.ProposalState` counts. */
const STATES = ["pending", "active", "cancelled", "defeated", "succeeded", "queued", "expired", "executed"] as const;
/** Fewest digits of an id that name a proposal. */
const LEAST_DIGITS = 4;
/** Longest title that is shown whole; a description can be one line of any length. */
const MAX_TITLE = 200;

/** A proposal as it was made. Times are Unix seconds. */
export interface MadeProposal {
  proposalId: bigint;
  proposer: Address;
  description: string;
  /** By which the governor knows it: not always that of the text, which shows no byte that is no UTF-8. */
  descriptionHash: Hex;
  calls: GovernanceCall[];
  /** Snapshot: votes count as they are then, and can be cast after it. */
  voteStart: bigint;
  transactionHash: Hex;
}

/** A proposal as it stands. Units have 9 decimals, MESH is wei. */
export interface ProposalStanding {
  state: (typeof STATES)[number];
  voteEnd: bigint;
  /** When the timelock can execute it; 0 when it was not queued. */
  executableAt: bigint;
  /** Quorum and the units against that burn the bond are null until the snapshot. */
  identityHouse: { against: bigint; for: bigint; abstain: bigint; quorum: bigint | null; vetoFrom: bigint | null };
  tokenHouse: { against: bigint; for: bigint; vetoFrom: bigint; isRejected: boolean };
  terms: { quorumBp: number; vetoQuorumBp: number; tokenVetoBp: number; votableSupply: bigint; bond: bigint };
}

interface ProposalCreated {
  proposalId: bigint;
  proposer: Address;
  targets: readonly Address[];
  values: readonly bigint[];
  calldatas: readonly Hex[];
  description: string;
  voteStart: bigint;
}

/** Every proposal, oldest first. */
export async function readProposals(session: Session): Promise<MadeProposal[]> {
  const query = { contract: "MeshGovernor", eventName: "ProposalCreated" } as const;
  const logs = await findLogs<ProposalCreated>(session, query);
  return logs.map(({ args: { targets, values, calldatas, ...made }, data, transactionHash }) => ({
    ...{ proposalId: made.proposalId, proposer: made.proposer, description: made.description },
    ...{ descriptionHash: descriptionHash(data), voteStart: made.voteStart, transactionHash },
    calls: targets.map((target, i) => ({ target, value: values[i] ?? 0n, data: calldatas[i] ?? "0x" })),
  }));
}

/** The proposal that an id names, whole or by its first digits. @throws CliError when none or several do. */
export async function findProposal(session: Session, text: string): Promise<MadeProposal> {
  if (!/^[0-9]{1,78}$/.test(text)) throw usageError("the proposal must be named by its number (proposal list)");
  if (text.length < LEAST_DIGITS) {
    throw usageError(
      `the proposal is named by ${text.length} digits of its number, at least ${LEAST_DIGITS} are needed`,
    );
  }
  const found = (await readProposals(session)).filter(({ proposalId }) => String(proposalId).startsWith(text));
  const [first, second] = found;
  if (!first) throw new CliError(`there is no proposal ${text}; "proposal list" prints all`);
  if (!second) return first;
  throw usageError(`${found.length} proposals begin with ${text}; give more digits of the number`);
}

/** Title of a proposal: the first line of its description that says something. */
export function titleOf({ description }: Pick<MadeProposal, "description">): string {
  const line = description.split("\n").find((one) => one.trim() !== "") ?? "";
  const title = line.replace(/^#+ /, "").trim();
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE)}…` : title;
}

/** Reads how a proposal stands. */
export async function readStanding(
  session: Session,
  { proposalId, voteStart }: MadeProposal,
): Promise<ProposalStanding> {
  const { client } = session;
  const governor = contractOf(session, "MeshGovernor");
  const args = [proposalId] as const;
  const [state, voteEnd, executableAt, votes, tokens, terms, isRejected, { timestamp }] = await Promise.all([
    client.readContract({ ...governor, functionName: "state", args }),
    client.readContract({ ...governor, functionName: "proposalDeadline", args }),
    client.readContract({ ...governor, functionName: "proposalEta", args }),
    client.readContract({ ...governor, functionName: "proposalVotes", args }),
    client.readContract({ ...governor, functionName: "tokenVotes", args }),
    client.readContract({ ...governor, functionName: "proposalTerms", args }),
    client.readContract({ ...governor, functionName: "isRejectedByTokens", args }),
    client.getBlock(),
  ]);
  const units = voteStart < timestamp ? await unitsAt(session, voteStart) : null;
  const [against, inFavour, abstain] = votes;
  const { quorumBp, vetoQuorumBp, tokenVetoBp, votableSupply, bond } = terms;
  return {
    ...{ state: STATES[state] ?? "expired", voteEnd, executableAt },
    identityHouse: {
      ...{ against, for: inFavour, abstain, quorum: units === null ? null : shareOf(units, quorumBp) },
      vetoFrom: units === null ? null : shareOf(units, vetoQuorumBp),
    },
    tokenHouse: {
      ...{ against: tokens[0], for: tokens[1], isRejected },
      vetoFrom: shareOf(votableSupply, tokenVetoBp),
    },
    terms: { quorumBp, vetoQuorumBp, tokenVetoBp, votableSupply, bond },
  };
}

/** All units at a snapshot. */
function unitsAt(session: Session, timepoint: bigint): Promise<bigint> {
  const request = { functionName: "getPastTotalSupply", args: [timepoint] } as const;
  return session.client.readContract({ ...contractOf(session, "QuadraticVotes"), ...request });
}

/** Basis points of an amount, rounded up, as the governor counts. */
function shareOf(amount: bigint, basisPoints: number): bigint {
  return (amount * BigInt(basisPoints) + 9_999n) / 10_000n;
}

/** Whether the votes that were cast burn the bond. */
export function isVetoed({ identityHouse }: ProposalStanding): boolean {
  const { against, for: inFavour, vetoFrom } = identityHouse;
  return vetoFrom !== null && against > inFavour && against >= vetoFrom;
}
