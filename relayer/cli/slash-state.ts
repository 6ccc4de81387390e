import type { Address, Hex } from "viem";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { meshFigure, meshText, momentText, timeFigure } from "./figures.ts";
import { chainTime, governed } from "./governed.ts";
import { CliError } from "./output.ts";

/** States of a proposal, as `ISlashProposals.Status` counts. */
const STATUSES = ["none", "open", "disputed", "upheld", "closed"] as const;

/** A proposed slash. Amounts are MESH wei, times Unix seconds. */
export interface SlashProposal {
  proposalId: bigint;
  status: (typeof STATUSES)[number];
  nodeIndex: number;
  epoch: bigint;
  amount: bigint;
  bond: bigint;
  proposer: Address;
  disputer: Address;
  disputeUntil: bigint;
  vetoUntil: bigint;
  evidence: Hex;
}

/** Reads a proposal. @throws CliError when it does not exist. */
export async function readProposal(session: Session, proposalId: bigint): Promise<SlashProposal> {
  const request = { functionName: "proposalOf", args: [proposalId] } as const;
  const { status, ...proposal } = await session.client.readContract({
    ...contractOf(session, "SlashProposals"),
    ...request,
  });
  if (status === 0) throw new CliError(`slash proposal ${proposalId} does not exist`);
  return { ...proposal, proposalId, status: STATUSES[status] ?? "none" };
}

/** Every proposal, or those about a node, oldest first. */
export async function readProposals(session: Session, nodeIndex: number | undefined): Promise<SlashProposal[]> {
  const args = nodeIndex === undefined ? {} : { args: { nodeIndex } };
  const query = { contract: "SlashProposals", eventName: "SlashProposed", ...args } as const;
  const events = await findEvents<{ proposalId: bigint }>(session, query);
  return Promise.all(events.map(({ proposalId }) => readProposal(session, proposalId)));
}

/** Funds that a punishment took, as they are now. */
export interface FrozenSlash {
  slashId: bigint;
  nodeIndex: number;
  ownPart: bigint;
  poolPart: bigint;
  reporter: Address;
  /** 0 once they were paid out or given back. */
  payableAt: bigint;
}

/** Every punishment that took something, or those of a node, oldest first. */
export async function readSlashes(session: Session, nodeIndex: number | undefined): Promise<FrozenSlash[]> {
  const args = nodeIndex === undefined ? {} : { args: { nodeIndex } };
  const query = { contract: "NodeSlashing", eventName: "NodeSlashed", ...args } as const;
  const events = (await findEvents<FrozenSlash>(session, query)).filter(({ slashId }) => slashId > 0n);
  const slashing = contractOf(session, "NodeSlashing");
  return Promise.all(
    events.map(async ({ slashId, nodeIndex: node, ownPart, poolPart, reporter }) => {
      const request = { functionName: "slashOf", args: [slashId] } as const;
      const { payableAt } = await session.client.readContract({ ...slashing, ...request });
      return { slashId, nodeIndex: node, ownPart, poolPart, reporter, payableAt };
    }),
  );
}

/** A proposal for `--json`. */
export function proposalFigures({ amount, bond, disputeUntil, vetoUntil, ...rest }: SlashProposal, now: bigint) {
  return {
    ...{ ...rest, amount: meshFigure(amount), bond: meshFigure(bond) },
    ...{ disputeUntil: timeFigure(disputeUntil, now), vetoUntil: timeFigure(vetoUntil, now) },
  };
}

/** A proposal as people read it. */
export function proposalRows(proposal: SlashProposal, now: bigint): string[] {
  const { proposalId, status, nodeIndex, epoch, amount, proposer, evidence } = proposal;
  const bond = meshText(proposal.bond);
  return [
    `Proposal ${proposalId}: slash node ${nodeIndex} for epoch ${epoch}, ${status}`,
    ...(status === "closed" ? [] : [`  takes     ${meshText(amount)} at most`]),
    `  proposer  ${proposer}, bond of ${bond}${status === "upheld" ? ", returned" : ""}`,
    ...(status === "disputed" || status === "upheld" ? [`  disputer  ${proposal.disputer}, bond of ${bond}`] : []),
    `  evidence  ${evidence}`,
    `  next      ${nextStep(proposal, now)}`,
  ];
}

/** What can be done with a proposal, and until when. */
function nextStep({ status, disputeUntil, vetoUntil }: SlashProposal, now: bigint): string {
  if (status === "closed") return "nothing: it is closed";
  const executable =
    now >= vetoUntil ? "anyone can execute it now" : `anyone can execute it from ${momentText(vetoUntil, now)}`;
  if (status === "upheld") return `the DAO rejected the dispute and can still veto; ${executable}`;
  if (status === "disputed") {
    return now >= vetoUntil
      ? "the DAO did not decide: anyone can let it lapse, and the bonds return but for a quarter of the proposer's"
      : `the DAO can uphold or veto it until ${momentText(vetoUntil, now)}; then it lapses`;
  }
  if (now < disputeUntil)
    return `anyone can dispute it until ${momentText(disputeUntil, now)}; undisputed, ${executable}`;
  return now < vetoUntil ? `the DAO can veto it; ${executable}` : executable;
}

/** What the proposals' game costs and how long it takes now. */
export async function readSlashRules(session: Session) {
  const [bond, maxBp, disputePeriod, vetoPeriod, buffer, now] = await Promise.all([
    governed(session, "slashProposalBond"),
    governed(session, "slashProposedMaxBp"),
    governed(session, "disputePeriod"),
    governed(session, "vetoPeriod"),
    governed(session, "slashBuffer"),
    chainTime(session),
  ]);
  return { bond, maxBp, disputePeriod, vetoPeriod, buffer, now };
}
