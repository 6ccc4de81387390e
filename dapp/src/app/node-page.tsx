import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { AttestationList } from "../components/attestation-list.tsx";
import { CertificateBarNotice } from "../components/certificate-bar-notice.tsx";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EpochExplanation } from "../components/epoch-explanation.tsx";
import { Icon } from "../components/icon.tsx";
import { NodeFacts } from "../components/node-facts.tsx";
import { Panel } from "../components/panel.tsx";
import { QualitySparkline } from "../components/quality-sparkline.tsx";
import { QueryView } from "../components/query-view.tsx";
import { StakeHistory } from "../components/stake-history.tsx";
import { StandingBadge } from "../components/standing-badge.tsx";
import { TrustPanel } from "../components/trust-panel.tsx";
import { UptimeHeatmap } from "../components/uptime-heatmap.tsx";
import { VerifyPanel } from "../components/verify-panel.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNode, useParameters, usePresence } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { NodeDetail } from "../lib/network-view.ts";
import { nodeStanding } from "../lib/node-standing.ts";

/** The page of one node. */
export function NodePage(): ReactNode {
  const { index = "" } = useParams();
  usePageTitle(`Node ${index}`);
  if (!/^\d{1,10}$/.test(index)) return <NoSuchNode index={index} />;
  return <KnownIndex key={index} nodeIndex={Number(index)} />;
}

function KnownIndex({ nodeIndex }: { nodeIndex: number }): ReactNode {
  const query = useNode(nodeIndex);
  return (
    <QueryView query={query} height="32rem">
      {(node) => (node ? <NodeView node={node} /> : <NoSuchNode index={String(nodeIndex)} />)}
    </QueryView>
  );
}

function NodeView({ node }: { node: NodeDetail }): ReactNode {
  const parameters = useParameters().data;
  const presence = usePresence().nodes.get(node.nodeIndex);
  const { epoch = 0 } = useChainTime();
  const [chosen, setChosen] = useState<number>();
  const attested = node.history.findLast(({ status }) => status === "Attested" || status === "Degraded")?.epoch;
  const selected = chosen ?? attested;
  const cell = node.history.find(({ epoch: at }) => at === selected);
  const standing = nodeStanding(node, presence?.state, epoch);
  const degradedBelow = parameters?.get("degradedQuality")?.value;
  const rows = () => node.history.map((cell) => [cell.epoch, cell.status, cell.quality]);
  const keys = node.keys.flatMap(({ publicKey }) => (publicKey ? [publicKey] : []));
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/nodes" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All nodes
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>Node {node.nodeIndex}</h1>
          <span role="status" className="flex flex-wrap items-center gap-x-3">
            <StandingBadge standing={standing} />
            <span className="text-muted text-sm">{standing.sentence}</span>
          </span>
        </div>
      </header>
      <CertificateBarNotice {...{ node }} />
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <Panel
            title="Uptime"
            hint={`The last ${node.history.length} epochs, newest at the right; choose one to verify it`}
            actions={
              <CsvButton
                file={`pqmesh-node-${node.nodeIndex}-uptime.csv`}
                header={["epoch", "status", "quality"]}
                rows={rows}
              />
            }
          >
            <UptimeHeatmap cells={node.history} selected={selected} onSelect={setChosen} />
            {cell && <EpochExplanation nodeIndex={node.nodeIndex} cell={cell} />}
          </Panel>
          <VerifyPanel nodeIndex={node.nodeIndex} epoch={selected} candidateKeys={keys} onVerify={setChosen} />
          <AttestationList nodeIndex={node.nodeIndex} selected={selected} onSelect={setChosen} />
        </div>
        <div className="grid gap-4">
          <TrustPanel node={node} parameters={parameters} />
          <Panel title="Quality" hint="Heartbeats and jitter per epoch">
            <QualitySparkline
              cells={node.history}
              {...(degradedBelow !== undefined && { degradedBelow: Number(degradedBelow) })}
            />
          </Panel>
          <NodeFacts node={node} presence={presence} />
          {node.stakeChanges && node.stakeChanges.length > 0 && (
            <StakeHistory nodeIndex={node.nodeIndex} changes={node.stakeChanges} />
          )}
        </div>
      </div>
    </div>
  );
}

function NoSuchNode({ index }: { index: string }): ReactNode {
  return (
    <EmptyState title={`There is no node ${index}`}>
      <Link className="link" to="/nodes">
        See all nodes
      </Link>
    </EmptyState>
  );
}
