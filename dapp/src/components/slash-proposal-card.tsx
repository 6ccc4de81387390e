import type { ReactNode } from "react";
import { Link } from "react-router";
import { useConnection } from "wagmi";
import { slashActionPlan } from "../flows/act-on-slash.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import { formatCount, formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import { slashBonds } from "../lib/slash-bonds.ts";
import { type SlashAction, slashActions, type SlashOutcome, type SlashProposalView } from "../lib/slash-proposals.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";

const BUTTONS: Record<SlashAction, string> = {
  dispute: "Dispute",
  cancel: "Take back",
  execute: "Execute",
  lapse: "End it",
};

const OUTCOMES: Record<SlashOutcome, string> = {
  Executed: "executed",
  Withdrawn: "taken back by who made it",
  DisputerWon: "given up, or decided for the disputer by the DAO",
  Vetoed: "vetoed by the DAO",
  Lapsed: "lapsed: the DAO did not decide in time",
};

/** A proposal to slash a node: who says what, its clock and what can be done. */
export function SlashProposalCard({
  proposal,
  onPlan,
}: {
  proposal: SlashProposalView;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds } = useChainTime();
  const { SlashProposals: proposals, MeshToken: token } = config.contracts;
  const { allowance = 0n } = useSpendable(address, proposals).data ?? {};
  const { id, nodeIndex, epoch, amount, taken, bond, evidence, proposer, disputer, state } = proposal;
  const actions = seconds === undefined ? [] : slashActions(proposal, seconds, address);
  const act = (action: SlashAction): void => {
    onPlan(slashActionPlan(action, proposal, { proposals, token, bond, allowance }));
  };
  return (
    <article
      className="border-line grid gap-2 border-t px-4 py-4 first:border-t-0 sm:px-5"
      data-slash-proposal={id}
      data-state={state}
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="font-semibold">
          Proposal {id}{" "}
          <span className="text-muted font-normal">
            against{" "}
            <Link className="link" to={`/nodes/${nodeIndex}`}>
              node {nodeIndex}
            </Link>
            , epoch {formatCount(epoch)}
          </span>
        </h3>
        <span className={`text-sm font-medium ${state === "Closed" ? "text-muted" : "text-warn"}`}>
          {stateWords(proposal)}
        </span>
      </header>
      <p className="text-sm">
        {formatMesh(amount)} MESH {state === "Closed" ? "were left to take" : "at stake"}
        {taken > 0n && `, ${formatMesh(taken)} taken`}. {slashBonds(proposal)}
        {seconds !== undefined && state !== "Closed" && (
          <span className="block" data-testid="slash-clock">
            {clockWords(proposal, seconds)}
          </span>
        )}
      </p>
      <p className="text-muted flex flex-wrap gap-x-4 text-sm">
        <span>
          by <Copyable value={proposer} label="address of the proposer" />
        </span>
        {disputer && (
          <span>
            disputed by <Copyable value={disputer} label="address of the disputer" />
          </span>
        )}
        <span>
          evidence <Copyable value={evidence} label="hash of the evidence" lead={10} tail={8} />
        </span>
      </p>
      {actions.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {actions.map((action) => (
            <button key={action} type="button" className="button button-small" onClick={() => act(action)}>
              {BUTTONS[action]}
            </button>
          ))}
        </div>
      )}
    </article>
  );
}

function stateWords({ state, outcome }: SlashProposalView): string {
  if (state !== "Closed") return state.toLowerCase();
  return outcome ? OUTCOMES[outcome] : "closed";
}

function clockWords({ state, disputeUntil, vetoUntil }: SlashProposalView, now: number): string {
  if (state === "Open" && now < disputeUntil) {
    return `Can be disputed until ${formatTime(disputeUntil)} (${formatRelative(disputeUntil, now)}).`;
  }
  if (now >= vetoUntil) {
    return state === "Disputed" ? "The DAO did not decide: it can be ended now." : "It can be executed now.";
  }
  const when = `${formatTime(vetoUntil)} (${formatRelative(vetoUntil, now)})`;
  return state === "Disputed" ? `The DAO can uphold it until ${when}.` : `The DAO can veto it until ${when}.`;
}
