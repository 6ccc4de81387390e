import type { ReactNode } from "react";
import { formatBp, formatCount } from "../lib/format.ts";
import type { NetworkParameterTable } from "../lib/network-parameters.ts";
import type { NodeDetail } from "../lib/network-view.ts";
import { breakDownTrust } from "../lib/trust-breakdown.ts";
import { EmptyState } from "./empty-state.tsx";
import { Panel } from "./panel.tsx";

/** The Trust Score with its inputs, weights and formula, computed again in this browser. */
export function TrustPanel({
  node: { trust, trustScore },
  parameters,
}: {
  node: NodeDetail;
  parameters: NetworkParameterTable | undefined;
}): ReactNode {
  if (!trust || trustScore === undefined || !parameters) {
    return (
      <Panel title="Trust Score">
        <EmptyState title="Not known now">
          The score is folded over every report since the beginning; the indexer does that, and it is away.
        </EmptyState>
      </Panel>
    );
  }
  const { parts, scoreBp, halfLifeEpochs } = breakDownTrust(trust, parameters);
  return (
    <Panel title="Trust Score">
      <p className="text-4xl font-semibold tracking-tight" data-testid="trust-score">
        {formatBp(trustScore)}
      </p>
      <dl className="mt-4 grid gap-3">
        {parts.map(({ name, meaning, inputBp, weightBp }) => (
          <div key={name}>
            <div className="flex items-baseline justify-between gap-3">
              <dt className="font-medium">
                {name} <span className="text-muted font-normal">× {formatBp(weightBp, 0)}</span>
              </dt>
              <dd>{formatBp(inputBp, 2)}</dd>
            </div>
            <div aria-hidden="true" className="bg-line my-1 h-1.5 overflow-hidden rounded-full">
              <div className="bg-accent h-full rounded-full" style={{ width: `${inputBp / 100}%` }} />
            </div>
            <dd className="text-muted text-sm">{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="text-muted mt-4 text-sm">
        Score = sum of input × weight, rounded down. An epoch counts half after {formatCount(halfLifeEpochs)} epochs,
        and every node starts at zero, so trust is earned slowly.{" "}
        {scoreBp === trustScore
          ? "Your browser computed the same number from the same inputs."
          : trustScore === 0
            ? "This node has no score before its first report; the inputs above are where it begins."
            : `With the weights in force now your browser gets ${formatBp(scoreBp)}; the indexer used those of the last report.`}
      </p>
    </Panel>
  );
}
