import { formatDid } from "@pqmesh/contracts/protocol/did";
import type { ReactNode } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount, formatLatency, formatMesh, formatTime } from "../lib/format.ts";
import type { NodeDetail } from "../lib/network-view.ts";
import type { Presence } from "../lib/presence-book.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** Who a node is: DID, operator, keys, stake and what relayers hear of it. */
export function NodeFacts({ node, presence }: { node: NodeDetail; presence: Presence | undefined }): ReactNode {
  const { config } = useNetwork();
  const did = formatDid({
    chainId: config.chainId,
    registry: config.contracts.NodeRegistry,
    nodeIndex: node.nodeIndex,
  });
  return (
    <Panel title="Identity and stake">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-1">
        <Fact name="DID" wide>
          <Copyable value={did} label="DID" full />
        </Fact>
        <Fact name="Operator">
          {node.identityId} · <Copyable value={node.owner} label="owner's address" />
        </Fact>
        <Fact name="Payout address">
          <Copyable value={node.beneficiary} label="payout address" />
        </Fact>
        <Fact name="Stake">
          {formatMesh(node.stake)} MESH
          {node.unbonding > 0n && <span className="text-muted"> · {formatMesh(node.unbonding)} unbonding</span>}
        </Fact>
        <Fact name="Active">{activeWords(node)}</Fact>
        <Fact name="Root key (SLH-DSA-SHA2-128s, offline)">
          <Copyable value={node.rootKey} label="root key" lead={10} tail={8} />
        </Fact>
        <Fact name={node.keys.length > 1 ? "Attestation keys (ML-DSA-65)" : "Attestation key (ML-DSA-65)"}>
          {node.keys.map((key) => (
            <span key={key.keyHash} className="block">
              <Copyable value={key.keyHash} label="hash of the attestation key" lead={10} tail={8} />
              {key.fromEpoch > 0 && <span className="text-muted"> from epoch {formatCount(key.fromEpoch)}</span>}
            </span>
          ))}
        </Fact>
        {node.registeredAt !== undefined && <Fact name="Registered">{formatTime(node.registeredAt)}</Fact>}
        {presence && presence.lastSeenMs > 0 && (
          <Fact name="Heard now">
            {formatBp(presence.heartbeatRatioBp ?? 0)} of heartbeats
            {presence.latencyMicros ? `, ${formatLatency(presence.latencyMicros)}` : ""}
            <span className="text-muted">
              {" "}
              · load average {((presence.cpuLoadBp ?? 0) / 10_000).toFixed(2)} per core, memory{" "}
              {formatBp(presence.memoryUsedBp ?? 0, 0)}, disk {formatBp(presence.storageUsedBp ?? 0, 0)}
            </span>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function activeWords({ intervals }: NodeDetail): string {
  const newest = intervals.at(-1);
  if (!newest) return "never yet";
  const end = newest.until === undefined ? "on" : `to epoch ${formatCount(newest.until)}`;
  return `from epoch ${formatCount(newest.from)} ${end}`;
}
