import { MAX_REASON } from "@pqmesh/contracts/protocol/ballot-reason";
import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { castVotePlan } from "../flows/cast-vote.ts";
import { useHasVoted, useOwnBallots, useVoteWeight } from "../hooks/use-governance-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { BallotView } from "../lib/ballot-view.ts";
import { formatCount, formatMesh, formatVotingUnits } from "../lib/format.ts";
import { proposalState } from "../lib/proposal-state.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { SUPPORT_WORDS } from "../lib/proposal-words.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import type { VoteWeight } from "../lib/vote-weight.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import { Copyable } from "./copyable.tsx";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { WeightReasons } from "./weight-reasons.tsx";

interface PanelProps {
  proposal: ProposalView;
  /** Chain time, Unix seconds. */
  now: number;
  onPlan: (plan: TransactionPlan) => void;
}

/** What the connected wallet weighs in a proposal, its ballot, and the way to cast it. */
export function VotePanel({ proposal, now, onPlan }: PanelProps): ReactNode {
  const { address } = useConnection();
  const state = proposalState(proposal.standing, now);
  const isOpen = state === "Pending" || state === "Active";
  if (!address) {
    if (!isOpen) return null;
    return (
      <Panel title="Your ballot">
        <ConnectDialog label="Connect a wallet to vote" />
      </Panel>
    );
  }
  return <OfWallet key={address} {...{ proposal, now, onPlan }} wallet={address} isActive={state === "Active"} />;
}

function OfWallet({
  proposal,
  now,
  wallet,
  isActive,
  onPlan,
}: PanelProps & { wallet: Address; isActive: boolean }): ReactNode {
  const { id, voteStart } = proposal;
  const snapshot = voteStart < Math.floor(now) ? voteStart : undefined;
  const weight = useVoteWeight(wallet, snapshot);
  const hasVoted = useHasVoted(id, wallet).data;
  const ballot = useOwnBallots(wallet).data?.find(({ proposalId }) => proposalId === id);
  if (hasVoted || ballot) {
    return (
      <Panel title="Your ballot">
        {ballot ? <Receipt ballot={ballot} /> : <p>This wallet has voted on this proposal.</p>}
      </Panel>
    );
  }
  if (!isActive && snapshot !== undefined) return null;
  return (
    <Panel
      title="Your ballot"
      {...(!isActive && { hint: "What you weigh now. Weights are taken when voting begins." })}
    >
      <QueryView query={weight} height="10rem">
        {(found) => (
          <div className="grid gap-4">
            <WeightReasons weight={found} snapshot={snapshot} />
            {isActive && hasVoted === false && <BallotForm {...{ proposal, onPlan }} weight={found} />}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function Receipt({ ballot: { support, units, tokens, reason, transaction } }: { ballot: BallotView }): ReactNode {
  return (
    <div className="grid gap-2" data-testid="ballot-receipt">
      <p>
        <strong>{SUPPORT_WORDS[support]}</strong>, counted with {formatVotingUnits(units)} units in the identity house
        and {formatMesh(tokens)} MESH in the token house.
      </p>
      {reason && <p className="text-sm whitespace-pre-wrap">{reason}</p>}
      <p className="text-muted text-sm">
        Transaction <Copyable value={transaction} label="transaction of the ballot" />
      </p>
    </div>
  );
}

function BallotForm({
  proposal,
  weight,
  onPlan,
}: {
  proposal: ProposalView;
  weight: VoteWeight;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const [support, setSupport] = useState<number>();
  const [reason, setReason] = useState("");
  if (weight.units === 0n && weight.tokens === 0n) {
    return <Notice tone="warn">This wallet weighs nothing in this proposal, so that it cannot vote on it.</Notice>;
  }
  const problem =
    reason.length > MAX_REASON
      ? `The reason has ${formatCount(reason.length)} characters; ${formatCount(MAX_REASON)} are allowed.`
      : undefined;
  const submit = (): void => {
    if (support === undefined || problem) return;
    const { account: wallet, units, tokens } = weight;
    onPlan(
      castVotePlan({
        ...{ governor: config.contracts.MeshGovernor, proposal, wallet, support, reason, units, tokens },
        voteEnd: proposal.standing.voteEnd,
      }),
    );
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset className="flex flex-wrap gap-2">
        <legend className="mb-1 font-medium">How you vote</legend>
        {[1, 0, 2].map((value) => (
          <label
            key={value}
            className={`button has-focus-visible:outline-accent has-focus-visible:outline-2 ${support === value ? "button-primary" : ""}`}
          >
            <input
              type="radio"
              name="support"
              className="sr-only"
              checked={support === value}
              onChange={() => setSupport(value)}
            />
            {SUPPORT_WORDS[value]}
          </label>
        ))}
      </fieldset>
      <Field label="Reason" hint="If you like. It is public for ever." problem={problem}>
        {(props) => (
          <textarea
            {...props}
            className="field min-h-20"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <button type="submit" className="button button-primary" disabled={support === undefined || problem !== undefined}>
        Preview ballot
      </button>
    </form>
  );
}
