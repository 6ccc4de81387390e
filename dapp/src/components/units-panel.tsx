import type { ReactNode } from "react";
import { syncVotesPlan } from "../flows/sync-votes.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatDuration, formatMesh, formatVotingUnits } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { identityWords, isSyncUseful, unitsWhenAged, type VoteWeight } from "../lib/vote-weight.ts";
import { Panel } from "./panel.tsx";
import { Stat } from "./stat.tsx";
import { WeightReasons } from "./weight-reasons.tsx";

/** What a wallet weighs now and what it will weigh, why, and the sync that raises it. */
export function UnitsPanel({
  weight,
  parameters,
  onPlan,
}: {
  weight: VoteWeight;
  parameters: NetworkParameterTable;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { identity, recordedIdentity, ownUnits, unitsAfterSync, stake, locked } = weight;
  const rules = {
    voteCap: parameterValue(parameters, "voteCap"),
    minNodeStake: parameterValue(parameters, "minNodeStake"),
  };
  const ramp = Number(parameterValue(parameters, "voteAgeRamp"));
  const aged = unitsWhenAged(weight, rules);
  const known = identity === 0n ? recordedIdentity : identity;
  const sync = (): void => {
    const units = { unitsBefore: ownUnits, unitsAfter: unitsAfterSync };
    onPlan(syncVotesPlan({ votes: config.contracts.QuadraticVotes, identity: known, ...units }));
  };
  return (
    <Panel
      title="What you weigh"
      hint="Units are the square root of what your identity has staked and locked, so that nobody rules by money alone."
      actions={
        isSyncUseful(weight) && (
          <button type="button" className="button button-primary button-small" onClick={sync}>
            Sync
          </button>
        )
      }
    >
      <dl className="border-line -mx-4 grid grid-cols-2 border-b sm:-mx-5 lg:grid-cols-4">
        <Stat
          label="Identity"
          value={<span data-testid="identity">{identity === 0n ? "none" : identityWords(identity)}</span>}
        />
        <Stat
          label="Units now"
          value={<span data-testid="own-units">{formatVotingUnits(ownUnits)}</span>}
          detail="of your identity"
        />
        <Stat
          label="After a sync"
          value={<span data-testid="units-after-sync">{formatVotingUnits(unitsAfterSync)}</span>}
          detail="by what is old enough"
        />
        <Stat
          label="When all has aged"
          value={<span data-testid="units-when-aged">{formatVotingUnits(aged)}</span>}
          detail={`${formatDuration(ramp)} to ${formatDuration(2 * ramp)} after the newest`}
        />
      </dl>
      <p className="text-muted pt-3 pb-4 text-sm">
        {formatMesh(stake)} MESH staked and {formatMesh(locked)} MESH locked.{" "}
        {stake + locked > rules.voteCap && `Above ${formatMesh(rules.voteCap)} MESH nothing more counts. `}
        {aged === 0n &&
          stake + locked > 0n &&
          identity !== 0n &&
          `An operator needs ${formatMesh(rules.minNodeStake)} MESH at least to have units.`}
      </p>
      <WeightReasons weight={weight} showLinks={identity === 0n} />
    </Panel>
  );
}
