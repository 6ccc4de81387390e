import type { ReactNode } from "react";
import { Link } from "react-router";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EpochClock } from "../components/epoch-clock.tsx";
import { Icon } from "../components/icon.tsx";
import { type MeshNode, NodeMesh } from "../components/node-mesh.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RelayerTable } from "../components/relayer-table.tsx";
import { ReportChart } from "../components/report-chart.tsx";
import { ReportTable } from "../components/report-table.tsx";
import { Stat } from "../components/stat.tsx";
import { useOverview } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useStandings } from "../hooks/use-standings.ts";
import { formatCount, formatMesh } from "../lib/format.ts";
import type { NetworkOverview, ReportSummary } from "../lib/network-view.ts";

const ROWS = 12;
const CSV_HEADER = ["epoch", "shard", "round", "attested", "absent", "degraded", "signers", "root", "transaction"];

/** The network at a glance. */
export function OverviewPage(): ReactNode {
  usePageTitle("Overview");
  const overview = useOverview();
  const { nodes, loading, error } = useStandings();
  return (
    <div className="grid gap-4">
      <Hero nodes={nodes} loading={loading} isUnread={error !== null} newest={overview.data?.reports[0]} />
      <QueryView query={overview} height="28rem">
        {(data) => (
          <>
            <Totals overview={data} nodes={nodes} />
            <div className="grid items-start gap-4 lg:grid-cols-[1.7fr_1fr]">
              <Reports overview={data} />
              <div className="grid content-start gap-4">
                <Panel title="Attested per epoch" hint={`The last ${data.reports.length} reports on chain`}>
                  <ReportChart reports={data.reports} />
                </Panel>
                <Panel
                  title="Relayers"
                  hint={`Committee version ${data.committeeVersion}; more than two thirds must sign`}
                  flush
                >
                  {data.relayers.length > 0 ? (
                    <RelayerTable relayers={data.relayers} />
                  ) : (
                    <EmptyState title="No relayer is bonded yet" />
                  )}
                </Panel>
              </div>
            </div>
          </>
        )}
      </QueryView>
    </div>
  );
}

function Hero({
  nodes,
  loading,
  isUnread,
  newest,
}: {
  nodes: readonly MeshNode[];
  loading: boolean;
  /** True when nothing of the nodes could be read. */
  isUnread: boolean;
  newest: ReportSummary | undefined;
}): ReactNode {
  return (
    <section aria-label="Network now" className="panel grid gap-6 p-5 sm:p-7 lg:grid-cols-[1.1fr_1fr] lg:items-center">
      <div className="grid gap-6">
        <div>
          <h1>{isUnread ? "The network cannot be read now" : headline(nodes, loading)}</h1>
          <p className="text-muted mt-1.5">{newestSentence(newest)}</p>
        </div>
        <EpochClock />
      </div>
      {nodes.length > 0 ? (
        <NodeMesh nodes={nodes} />
      ) : loading ? (
        <div className="skeleton h-40" />
      ) : isUnread ? (
        <EmptyState title="How the nodes are is not known">It is read as soon as indexer or chain answer.</EmptyState>
      ) : (
        <EmptyState title="No node is registered yet">
          <Link className="link" to="/operate">
            Register the first one
          </Link>
        </EmptyState>
      )}
    </section>
  );
}

function Totals({ overview, nodes }: { overview: NetworkOverview; nodes: readonly MeshNode[] }): ReactNode {
  const live = nodes.filter(({ standing }) => standing.standing === "live" || standing.standing === "degraded").length;
  const isHeard = nodes.some(({ standing }) => standing.standing !== "unheard");
  return (
    <dl className="panel grid grid-cols-2 md:grid-cols-4 md:divide-x md:divide-[var(--line)]">
      <Stat
        label="Nodes"
        value={formatCount(overview.nodeCount)}
        detail={`${isHeard ? `${live} live · ` : ""}${formatCount(overview.operatorCount)} operator${overview.operatorCount === 1 ? "" : "s"}`}
      />
      <Stat label="Staked" value={formatMesh(overview.totalStaked)} detail={unbondingDetail(overview.totalUnbonding)} />
      <Stat label="Bonded by relayers" value={formatMesh(overview.totalBonded)} detail="MESH" />
      <Stat
        label="Reports"
        value={overview.reportCount === undefined ? "–" : formatCount(overview.reportCount)}
        detail={overview.reportCount === undefined ? "counted by the indexer" : "accepted on chain"}
      />
    </dl>
  );
}

function Reports({ overview }: { overview: NetworkOverview }): ReactNode {
  const { reports, relayers } = overview;
  const seats = relayers.filter(({ seat }) => seat !== undefined).length;
  const rows = () =>
    reports.map((r) => [
      r.epoch,
      r.shard,
      r.round,
      r.attested,
      r.absent,
      r.degraded,
      r.signerCount,
      r.root,
      r.transaction,
    ]);
  return (
    <Panel
      title="Latest reports"
      hint="One per epoch and shard, signed by the committee"
      actions={<CsvButton file="pqmesh-reports.csv" header={CSV_HEADER} rows={rows} />}
      flush
    >
      {reports.length > 0 ? (
        <ReportTable reports={reports.slice(0, ROWS)} seats={seats} />
      ) : (
        <EmptyState title="No report yet">The first one follows two epochs after nodes are staked.</EmptyState>
      )}
      <p className="flex flex-wrap gap-x-5 gap-y-1 px-4 py-3 sm:px-5">
        <Link className="link inline-flex items-center gap-1" to="/reports">
          All reports <Icon name="arrow" size={15} />
        </Link>
        <Link className="link inline-flex items-center gap-1" to="/challenges">
          Challenges <Icon name="arrow" size={15} />
        </Link>
        <Link className="link inline-flex items-center gap-1" to="/nodes">
          All nodes <Icon name="arrow" size={15} />
        </Link>
      </p>
    </Panel>
  );
}

function headline(nodes: readonly MeshNode[], loading: boolean): string {
  const count = (...wanted: string[]): number =>
    nodes.filter(({ standing }) => wanted.includes(standing.standing)).length;
  const expected = nodes.length - count("inactive", "exited", "starting");
  const troubled = count("silent", "absent");
  if (loading) return "Reading the network …";
  if (expected === 0) return "The network waits for its first active node";
  const unheard = count("unheard");
  if (troubled === 0 && unheard === 0) return `All ${formatCount(expected)} nodes are live`;
  if (unheard === expected) return `${formatCount(expected)} nodes are active; no relayer tells how they are now`;
  if (troubled === 0) return `${formatCount(expected - unheard)} of ${formatCount(expected)} nodes are live`;
  return `${troubled} of ${formatCount(expected)} nodes ${troubled === 1 ? "is" : "are"} silent or absent`;
}

function newestSentence(report: ReportSummary | undefined): string {
  if (!report) return "Every epoch each node proves with a post-quantum signature that it is alive.";
  const { epoch, attested, absent, degraded } = report;
  const total = attested + absent + degraded;
  const good = attested + degraded;
  const late = degraded > 0 ? `; ${formatCount(degraded)} of them degraded, with heartbeats out of bounds` : "";
  return `In epoch ${formatCount(epoch)}, ${good} of ${total} nodes proved with an ML-DSA-65 signature that they were alive${late}.`;
}

function unbondingDetail(unbonding: bigint | undefined): string {
  return unbonding === undefined ? "MESH, with what is unbonding" : `MESH · ${formatMesh(unbonding)} unbonding`;
}
