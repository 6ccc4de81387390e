import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { BondCredit } from "../components/bond-credit.tsx";
import { ChallengeBadge } from "../components/challenge-badge.tsx";
import { ChallengeClockPanel } from "../components/challenge-clock-panel.tsx";
import { ChallengeFacts } from "../components/challenge-facts.tsx";
import { ChallengeTimeline } from "../components/challenge-timeline.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { VerifyPanel } from "../components/verify-panel.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useChallenge, useChallengeStory } from "../hooks/use-dispute-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { type Challenge, challengeClock } from "../lib/challenge-view.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one challenge. */
export function ChallengePage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Challenge ${id}`);
  const number = natural(id);
  return number === undefined ? <NoSuchChallenge id={id} /> : <KnownNumber key={number} id={number} />;
}

function KnownNumber({ id }: { id: number }): ReactNode {
  const query = useChallenge(id);
  return (
    <QueryView query={query} height="24rem">
      {(challenge) => (challenge ? <ChallengeView challenge={challenge} /> : <NoSuchChallenge id={String(id)} />)}
    </QueryView>
  );
}

function ChallengeView({ challenge }: { challenge: Challenge }): ReactNode {
  const { id, nodeIndex, epoch } = challenge;
  const story = useChallengeStory(id).data ?? undefined;
  const { seconds = 0 } = useChainTime();
  const [plan, setPlan] = useState<TransactionPlan>();
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/challenges" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All challenges
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>Challenge {id}</h1>
          <span role="status">
            <ChallengeBadge phase={challengeClock(challenge, seconds).phase} />
          </span>
        </div>
      </header>
      <BondCredit />
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <ChallengeClockPanel challenge={challenge} onPlan={setPlan} />
          <ChallengeTimeline challenge={challenge} story={story} />
          <VerifyPanel nodeIndex={nodeIndex} epoch={epoch} candidateKeys={[]} onVerify={() => undefined} />
        </div>
        <ChallengeFacts challenge={challenge} story={story} />
      </div>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function NoSuchChallenge({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no challenge ${id}`}>
      <Link className="link" to="/challenges">
        See all challenges
      </Link>
    </EmptyState>
  );
}
