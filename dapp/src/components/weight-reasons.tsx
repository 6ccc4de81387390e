import type { ReactNode } from "react";
import { Link } from "react-router";
import { formatMesh, formatVotingUnits } from "../lib/format.ts";
import { type VoteWeight, type WeightRemedy, weightReasons } from "../lib/vote-weight.ts";

/** Where something can be done about a weight; "sync" and "lock" are on the page of one's votes. */
const REMEDIES: Readonly<Record<WeightRemedy, { to: string; words: string }>> = {
  sync: { to: "/votes", words: "Sync" },
  lock: { to: "/votes", words: "Lock MESH" },
  units: { to: "/votes", words: "Change the delegate" },
  tokens: { to: "/votes", words: "Choose who votes with your MESH" },
  operate: { to: "/operate", words: "Register as an operator" },
};

/** What a wallet weighs in both houses, why it is that, and what can be done about it. */
export function WeightReasons({
  weight,
  snapshot,
  showLinks = true,
}: {
  weight: VoteWeight;
  /** Of the proposal, Unix seconds, if it is about one that has passed. */
  snapshot?: number | undefined;
  /** False where the remedies are on the same page. */
  showLinks?: boolean;
}): ReactNode {
  const reasons = weightReasons(weight, snapshot);
  const houses = [
    { house: "identity", title: "Identity house", figure: `${formatVotingUnits(weight.units)} units` },
    { house: "token", title: "Token house", figure: `${formatMesh(weight.tokens)} MESH` },
  ] as const;
  return (
    <div className="grid gap-3" data-testid="weight">
      {houses.map(({ house, title, figure }) => (
        <div key={house} data-weight={house}>
          <p className="flex flex-wrap justify-between gap-x-3">
            <span className="text-muted text-sm">{title}</span>
            <strong>{figure}</strong>
          </p>
          {reasons
            .filter((reason) => reason.house === house)
            .map(({ sentence, remedy }) => (
              <p key={sentence} className="text-sm">
                {sentence}
                {remedy && showLinks && (
                  <>
                    {" "}
                    <Link className="link" to={REMEDIES[remedy].to}>
                      {REMEDIES[remedy].words}
                    </Link>
                  </>
                )}
              </p>
            ))}
        </div>
      ))}
    </div>
  );
}
