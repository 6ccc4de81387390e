import type { ReactNode } from "react";
import { formatCount } from "../lib/format.ts";
import { listedNodes, type ReportDetail, type ReportStanding } from "../lib/report-detail.ts";
import { NodeLinks } from "./node-links.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";

/** Whom a report names, and what was overruled since. */
export function ReportLists({
  detail: { report },
  standing,
}: {
  detail: ReportDetail;
  standing: ReportStanding | undefined;
}): ReactNode {
  const absent = listedNodes(report, report.absent);
  const degraded = listedNodes(report, report.degraded).filter((node) => !absent.includes(node));
  return (
    <Panel
      title="Whom it names"
      hint={`Every active node of shard ${report.shard} that is not listed here attested epoch ${formatCount(report.epoch)}.`}
    >
      <div className="grid gap-4">
        <Names title={`Absent (${absent.length})`} nodes={absent} none="Nobody: every active node attested." />
        <Names title={`Degraded (${degraded.length})`} nodes={degraded} none="Nobody: all heartbeats were in bounds." />
        {standing && standing.voided.length > 0 && (
          <Notice tone="bad">
            <p>
              Overruled: a leaf was invalid or withheld, so these count as absent although the report says otherwise.
            </p>
            <NodeLinks nodes={standing.voided} none="" />
          </Notice>
        )}
        {standing && standing.admitted.length > 0 && (
          <Notice>
            <p>Overruled: these proved by their own provenance chain that they attested.</p>
            <NodeLinks nodes={standing.admitted} none="" />
          </Notice>
        )}
      </div>
    </Panel>
  );
}

function Names({ title, nodes, none }: { title: string; nodes: readonly number[]; none: string }): ReactNode {
  return (
    <div>
      <h3 className="eyebrow mb-1">{title}</h3>
      <NodeLinks nodes={nodes} none={none} />
    </div>
  );
}
