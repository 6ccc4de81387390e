import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { releaseVestedPlan } from "../flows/release-vested.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useVestings } from "../hooks/use-token-queries.ts";
import { formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import type { VestingView } from "../lib/token-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { vestedAt, vestingCurve } from "../lib/vesting-curve.ts";
import { Chart } from "./chart.tsx";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const WEI = 1e18;

/** The vaults of team and investors: what is unlocked when, and what can be released now. */
export function VestingPanel({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const vestings = useVestings();
  return (
    <Panel
      title="Vesting"
      hint="Nothing leaves before the cliff; then it unlocks evenly. Anyone can release what has vested to the vault's owner; what is in a vault has no votes."
    >
      <QueryView query={vestings} height="20rem">
        {(vaults) => (
          <div className="grid gap-6 lg:grid-cols-2">
            {vaults.map((vault) => (
              <Vault key={vault.address} vault={vault} onPlan={onPlan} />
            ))}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function Vault({ vault, onPlan }: { vault: VestingView; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds } = useChainTime(5_000);
  const { name, owner, total, released, releasable, cliff, end } = vault;
  const now = seconds === undefined ? undefined : Math.floor(seconds);
  const token = config.contracts.MeshToken;
  return (
    <article className="grid content-start gap-3" data-vault={name}>
      <h3 className="font-semibold">{name}</h3>
      <VestingChart vault={vault} now={now} />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
        <Fact name="In the vault">{formatMesh(total - released)} MESH</Fact>
        <Fact name="Can be released now">
          <strong>{formatMesh(releasable)} MESH</strong>
        </Fact>
        <Fact name="Cliff">
          {formatTime(cliff)}
          {now !== undefined && <span className="text-muted block text-sm">{formatRelative(cliff, now)}</span>}
        </Fact>
        <Fact name="All unlocked">{formatTime(end)}</Fact>
        <Fact name="Owner">
          <Copyable value={owner} label={`owner of the vault: ${name}`} />
        </Fact>
      </dl>
      {address && (
        <div>
          <button
            type="button"
            className="button"
            disabled={releasable === 0n}
            onClick={() => onPlan(releaseVestedPlan(token, vault))}
          >
            Release to the owner
          </button>
        </div>
      )}
    </article>
  );
}

function VestingChart({ vault, now }: { vault: VestingView; now: number | undefined }): ReactNode {
  const corners = vestingCurve(vault).map((point) => ({ ...point, done: null as number | null }));
  const isRunning = now !== undefined && now > vault.start && now < vault.end;
  const vested = isRunning ? vestedAt(vault, now) : 0n;
  const points = [...corners, ...(isRunning ? [{ time: now, vested, done: Number(vested) / WEI }] : [])].sort(
    (a, b) => a.time - b.time,
  );
  return (
    <Chart
      label={`Vesting of ${vault.name}: ${formatMesh(vault.total, 0)} MESH from ${formatTime(vault.cliff)} to ${formatTime(vault.end)}.`}
      times={points.map(({ time }) => time)}
      series={[
        { name: "vested", color: "--accent", values: points.map((point) => Number(point.vested) / WEI) },
        { name: "now", color: "--warn-fill", values: points.map(({ done }) => done), kind: "dots" },
      ]}
    />
  );
}
