import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { useConnection } from "wagmi";
import { BallotList } from "../components/ballot-list.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { HouseBars } from "../components/house-bars.tsx";
import { Icon } from "../components/icon.tsx";
import { Panel } from "../components/panel.tsx";
import { ProposalActions } from "../components/proposal-actions.tsx";
import { ProposalBadge } from "../components/proposal-badge.tsx";
import { ProposalFacts } from "../components/proposal-facts.tsx";
import { ProposalTimeline } from "../components/proposal-timeline.tsx";
import { QueryView } from "../components/query-view.tsx";
import { PastCallsPanel, SimulationPanel } from "../components/simulation-panel.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { VotePanel } from "../components/vote-panel.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useProposal, useProposalStory, useTimelockView } from "../hooks/use-governance-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { isOver, proposalState, waitsForApprover } from "../lib/proposal-state.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { nextSentence } from "../lib/proposal-words.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one proposal. */
export function ProposalPage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Proposal ${id.slice(0, 10)}`);
  return /^[1-9]\d{0,77}$/.test(id) ? <KnownNumber key={id} id={BigInt(id)} /> : <NoSuchProposal id={id} />;
}

function KnownNumber({ id }: { id: bigint }): ReactNode {
  const query = useProposal(id);
  return (
    <QueryView query={query} height="32rem">
      {(proposal) => (proposal ? <Found proposal={proposal} /> : <NoSuchProposal id={shortId(id)} />)}
    </QueryView>
  );
}

function Found({ proposal }: { proposal: ProposalView }): ReactNode {
  const { id, title, standing, calls } = proposal;
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const story = useProposalStory(proposal);
  const timelock = useTimelockView(proposal, address).data;
  const [plan, setPlan] = useState<TransactionPlan>();
  const state = proposalState(standing, seconds);
  const executableAt = earliestExecution(proposal, seconds, timelock?.delay);
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/proposals" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All proposals
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>{visibleText(title)}</h1>
          <span role="status">
            <ProposalBadge state={state} />
          </span>
          <span className="text-muted text-sm">proposal {shortId(id)}</span>
        </div>
        <p className="mt-1" data-testid="next">
          {nextSentence(standing, seconds, waitsForApprover(timelock, seconds))}
        </p>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <Panel
            title="Both houses"
            hint="The identity house must reach its quorum and have more for than against. The token house can only reject."
          >
            <HouseBars standing={standing} />
          </Panel>
          {isOver(state) ? <PastCallsPanel calls={calls} /> : <SimulationPanel {...{ calls, executableAt }} />}
          <Description text={proposal.description} />
          <BallotList proposal={proposal} canChange={state === "Pending" || state === "Active"} />
        </div>
        <div className="grid gap-4">
          <ProposalActions {...{ proposal, timelock, executableAt }} now={seconds} onPlan={setPlan} />
          <VotePanel proposal={proposal} now={seconds} onPlan={setPlan} />
          <QueryView query={story} height="14rem">
            {(told) => (
              <>
                <ProposalTimeline
                  {...{ proposal, story: told }}
                  now={seconds}
                  needsApproval={timelock?.isNeeded ?? false}
                />
                <ProposalFacts {...{ proposal, story: told, timelock }} now={seconds} />
              </>
            )}
          </QueryView>
        </div>
      </div>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function Description({ text }: { text: string }): ReactNode {
  return (
    <Panel title="Description" hint="Text of the proposer. What counts is its calls.">
      <div className="grid gap-2">
        {text.split(/\n{2,}/).map((paragraph, i) => (
          <p key={i} className="whitespace-pre-line">
            {paragraph.split("\n").map(visibleText).join("\n")}
          </p>
        ))}
      </div>
    </Panel>
  );
}

/**
 * When a proposal can be executed at the earliest: told by the timelock, or voting and delay. Undefined once nothing but somebody's
 * transaction is waited for.
 */
function earliestExecution({ standing }: ProposalView, now: number, delay: number | undefined): number | undefined {
  const { eta, voteEnd } = standing;
  if (eta > 0) return eta > now ? eta : undefined;
  return delay === undefined || voteEnd <= now ? undefined : voteEnd + delay;
}

function NoSuchProposal({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no proposal ${id}`}>
      <Link className="link" to="/proposals">
        See all proposals
      </Link>
    </EmptyState>
  );
}
