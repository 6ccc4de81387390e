import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useEmissions } from "../hooks/use-token-queries.ts";
import { formatBp, formatMesh, formatMeshShort, formatShare, formatTime } from "../lib/format.ts";
import type { EmissionView } from "../lib/token-view.ts";
import { Chart } from "./chart.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const WEI = 1e18;

/** The curve by which the operators' bucket is emitted, and how far it has come. */
export function EmissionPanel(): ReactNode {
  const emissions = useEmissions();
  return (
    <Panel
      title="Emissions"
      hint="Nodes are paid from 40 % of the supply and from nothing else. The published curve is a ceiling: time without nodes emits nothing."
    >
      <QueryView query={emissions} height="20rem">
        {(view) => <Emissions view={view} />}
      </QueryView>
    </Panel>
  );
}

function Emissions({ view }: { view: EmissionView }): ReactNode {
  const { bucket, emitted, paid, unclaimed, recyclable, ceiling, accruedUntil, curve } = view;
  const { seconds } = useChainTime(30_000);
  const left = bucket - emitted;
  const share = (part: bigint): string => formatShare(Number(part) / Number(bucket));
  return (
    <div className="grid gap-4">
      <EmissionChart view={view} now={Math.floor(seconds ?? accruedUntil)} />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        <Fact name="Left to emit">
          <strong data-testid="emissions-left">{formatMesh(left)} MESH</strong>
          <span className="text-muted block text-sm">{share(left)} of the bucket</span>
        </Fact>
        <Fact name="Emitted so far">
          {formatMesh(emitted)} MESH
          <span className="text-muted block text-sm">
            at most {formatMesh(ceiling)} by now{accruedUntil > 0 && `; counted to ${formatTime(accruedUntil)}`}
          </span>
        </Fact>
        <Fact name="Paid to nodes and delegators">
          <span data-testid="emissions-paid">{formatMesh(paid)} MESH</span>
        </Fact>
        <Fact name="Not claimed yet">{formatMesh(unclaimed)} MESH</Fact>
        <Fact name="Returned by absent nodes">
          {formatMesh(recyclable)} MESH
          <span className="text-muted block text-sm">a 64th is emitted again with each word</span>
        </Fact>
        <Fact name="Each year emits">{formatBp(view.decayBp)} of the year before</Fact>
      </dl>
      <details>
        <summary className="text-muted text-sm">The curve, year by year</summary>
        <YearTable curve={curve} bucket={bucket} />
      </details>
    </div>
  );
}

function EmissionChart({ view, now }: { view: EmissionView; now: number }): ReactNode {
  const { curve, ceiling, emitted, bucket } = view;
  const isRunning = now > curve[0]!.time && now < curve.at(-1)!.time;
  const points = [
    ...curve.map((point) => ({ ...point, done: null as number | null })),
    ...(isRunning ? [{ time: now, emitted: ceiling, done: Number(emitted) / WEI }] : []),
  ].sort((a, b) => a.time - b.time);
  return (
    <Chart
      label={`Curve of emissions: ${formatMeshShort(emitted)} of ${formatMeshShort(bucket)} MESH are emitted, ${formatMeshShort(bucket - emitted)} are left.`}
      times={points.map(({ time }) => time)}
      series={[
        {
          name: "published curve, at most",
          color: "--accent",
          values: points.map(({ emitted: at }) => Number(at) / WEI),
        },
        { name: "emitted by now", color: "--warn-fill", values: points.map(({ done }) => done), kind: "dots" },
      ]}
    />
  );
}

function YearTable({ curve, bucket }: Pick<EmissionView, "curve" | "bucket">): ReactNode {
  return (
    <div className="mt-2 overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Year until</th>
            <th className="num">Emits at most</th>
            <th className="num">Left after it</th>
          </tr>
        </thead>
        <tbody>
          {curve.slice(1).map(({ time, emitted }, i) => (
            <tr key={time}>
              <td>{new Date(time * 1_000).getFullYear()}</td>
              <td className="num">{formatMesh(emitted - curve[i]!.emitted, 0)}</td>
              <td className="num">{formatMesh(bucket - emitted, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
