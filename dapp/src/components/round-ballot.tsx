import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import { type ReactNode, useId, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { voteRoundPlan } from "../flows/vote-round.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useRoundVoter } from "../hooks/use-round-queries.ts";
import { formatCount } from "../lib/format.ts";
import { roundTitle, type RoundView } from "../lib/round-view.ts";
import { type RoundVoter, voterProblem } from "../lib/round-voter.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { changedChoices, mostVotes, spentAfter } from "../lib/voice-credits.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { RoundOptionName } from "./round-option-name.tsx";

interface RoundBallotProps {
  round: RoundView;
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}

/** Where the connected wallet spends the credits of its identity. */
export function RoundBallot(props: RoundBallotProps): ReactNode {
  const { round, wallet } = props;
  const voter = useRoundVoter(round, wallet);
  return (
    <Panel
      title="Your votes"
      hint="One vote costs one credit, two cost four, three cost nine: spread them over what you want most."
    >
      <QueryView query={voter} height="12rem">
        {(found) => {
          const problem = voterProblem(found, round.season, wallet);
          // What was typed stays until the votes on the chain change.
          return problem ? <Refused problem={problem} /> : <Ballot key={found.votes.join()} {...props} voter={found} />;
        }}
      </QueryView>
    </Panel>
  );
}

function Refused({ problem }: { problem: string }): ReactNode {
  return (
    <Notice tone="warn">
      {problem}{" "}
      <Link className="link" to="/votes">
        Look at your votes
      </Link>
    </Notice>
  );
}

function Ballot({ round, voter, onPlan }: RoundBallotProps & { voter: RoundVoter }): ReactNode {
  const { config } = useNetwork();
  const { credits, endsAt } = round.season;
  const { votes: given, spent } = voter;
  const [votes, setVotes] = useState<readonly number[]>(given);
  const after = spentAfter(spent, { given, votes });
  const isTooMuch = after > credits;
  const isChanged = changedChoices(given, votes).length > 0;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const contract = config.contracts.QuadraticRound;
        const title = roundTitle(round);
        onPlan(voteRoundPlan({ contract, round: round.id, title, given, votes, spent, credits, endsAt }));
      }}
    >
      <ul className="grid gap-4">
        {round.options.map((_, i) => (
          <OptionSlider
            key={i}
            {...{ round }}
            index={i}
            votes={votes[i] ?? 0}
            most={mostVotes(credits)}
            onChange={(count) => setVotes(votes.with(i, count))}
          />
        ))}
      </ul>
      <CreditMeter {...{ after, credits }} />
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="button button-primary" disabled={!isChanged || isTooMuch}>
          Preview votes
        </button>
        {isChanged && (
          <button type="button" className="button" onClick={() => setVotes(given)}>
            Back to my votes
          </button>
        )}
        <span className={`text-sm ${isTooMuch ? "text-bad" : "text-muted"}`} role="status">
          {isTooMuch
            ? `These votes cost ${countedWords(after - credits, "credit")} more than your identity has.`
            : !isChanged && "Move a slider to vote, or to change your votes."}
        </span>
      </div>
    </form>
  );
}

function OptionSlider({
  round,
  index,
  votes,
  most,
  onChange,
}: {
  round: RoundView;
  index: number;
  votes: number;
  most: number;
  onChange: (votes: number) => void;
}): ReactNode {
  const id = useId();
  const cost = `${countedWords(votes, "vote")} ${votes === 1 ? "costs" : "cost"} ${countedWords(votes * votes, "credit")}`;
  return (
    <li className="grid gap-1" data-option={index}>
      <label htmlFor={id}>
        <span className="text-muted mr-1.5">{index}.</span>
        <RoundOptionName {...{ round, index }} />
      </label>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <input
          id={id}
          type="range"
          className="accent-accent min-w-0 flex-1 basis-48"
          min={0}
          max={most}
          step={1}
          value={votes}
          aria-valuetext={cost}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <input
          type="number"
          className="field w-24"
          aria-label={`Votes for option ${index}`}
          min={0}
          max={most}
          step={1}
          value={votes}
          onChange={(event) => onChange(clamp(event.target.valueAsNumber, most))}
        />
        <span className="text-muted w-48 text-sm" data-testid={`cost-${index}`}>
          {cost}
        </span>
      </div>
    </li>
  );
}

/** Credits of the season, spent and left, as a bar and in words. */
function CreditMeter({ after, credits }: { after: number; credits: number }): ReactNode {
  const share = Math.min(1, after / credits);
  const isTooMuch = after > credits;
  return (
    <div className="grid gap-1" data-testid="credits">
      <div className="bg-well h-3 overflow-hidden rounded-full" aria-hidden="true">
        <div
          className="h-full rounded-full"
          style={{ width: `${share * 100}%`, background: `var(--${isTooMuch ? "bad" : "ok"}-fill)` }}
        />
      </div>
      <p className="text-sm">
        <strong>{formatCount(Math.max(0, credits - after))}</strong> of {formatCount(credits)} credits left for all
        rounds of this season
      </p>
    </div>
  );
}

function clamp(votes: number, most: number): number {
  return Number.isNaN(votes) ? 0 : Math.max(0, Math.min(most, Math.floor(votes)));
}
