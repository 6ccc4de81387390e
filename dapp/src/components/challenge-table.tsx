import type { ReactNode } from "react";
import { Link } from "react-router";
import { useChainTime } from "../hooks/use-chain-time.ts";
import type { ChallengeOutcome, ChallengeRow } from "../lib/challenge-list.ts";
import { challengeClock } from "../lib/challenge-view.ts";
import { formatCount, formatDuration, formatEther, formatTime } from "../lib/format.ts";
import { ChallengeBadge } from "./challenge-badge.tsx";
import { Copyable } from "./copyable.tsx";

const OUTCOMES: Record<ChallengeOutcome, string> = {
  Expired: "nobody answered",
  ProvenInvalid: "the leaf was invalid",
  AnswerStood: "a valid leaf was shown",
};

/** Challenges with their clocks. */
export function ChallengeTable({ challenges }: { challenges: readonly ChallengeRow[] }): ReactNode {
  const { seconds = 0 } = useChainTime();
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Challenge</th>
            <th>About</th>
            <th>State</th>
            <th className="num max-sm:hidden">Bond, ETH</th>
            <th className="max-md:hidden">Challenger</th>
            <th className="max-md:hidden">Made</th>
          </tr>
        </thead>
        <tbody>
          {challenges.map((challenge) => {
            const { id, nodeIndex, epoch, challenger, bond, madeAt, outcome } = challenge;
            const clock = challengeClock(challenge, seconds);
            return (
              <tr key={id} data-challenge={id}>
                <td>
                  <Link className="link font-semibold" to={`/challenges/${id}`}>
                    {formatCount(id)}
                  </Link>
                </td>
                <td>
                  node {formatCount(nodeIndex)} <span className="text-muted">in epoch {formatCount(epoch)}</span>
                </td>
                <td>
                  <ChallengeBadge phase={clock.phase} />
                  {clock.until !== undefined && seconds > 0 && (
                    <span className="text-muted block text-xs">{formatDuration(clock.until - seconds)} left</span>
                  )}
                  {outcome && <span className="text-muted block text-xs">{OUTCOMES[outcome]}</span>}
                </td>
                <td className="num max-sm:hidden">{formatEther(bond)}</td>
                <td className="max-md:hidden">
                  <Copyable value={challenger} label="address of the challenger" />
                </td>
                <td className="text-muted whitespace-nowrap max-md:hidden">
                  {madeAt === undefined ? "–" : formatTime(madeAt)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
