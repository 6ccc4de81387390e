import type { ReactNode } from "react";
import { formatMesh, formatTime } from "../lib/format.ts";
import type { StakeChange } from "../lib/network-view.ts";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";

const WORDS: Record<StakeChange["kind"], string> = {
  Staked: "Staked",
  UnbondRequested: "Unbond requested",
  UnbondCancelled: "Unbond cancelled",
  Withdrawn: "Withdrawn",
  Slashed: "Slashed",
  UnbondingSlashed: "Unbonding slashed",
  Restored: "Slash given back",
};

/** Changes of a node's stake, newest first. */
export function StakeHistory({
  nodeIndex,
  changes,
}: {
  nodeIndex: number;
  changes: readonly StakeChange[];
}): ReactNode {
  const rows = () => changes.map((c) => [c.timestamp, c.kind, c.amount, c.stakeAfter, c.transaction]);
  const header = ["unixSeconds", "kind", "amountWei", "stakeAfterWei", "transaction"];
  return (
    <Panel
      title="Stake history"
      actions={<CsvButton file={`pqmesh-node-${nodeIndex}-stake.csv`} header={header} rows={rows} />}
      flush
    >
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th>Change</th>
              <th className="num">MESH</th>
              <th className="num">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={`${change.transaction}-${change.kind}-${change.stakeAfter}`}>
                <td>
                  {WORDS[change.kind]}
                  <span className="text-muted block text-xs">{formatTime(change.timestamp)}</span>
                </td>
                <td className="num">{formatMesh(change.amount)}</td>
                <td className="num">{formatMesh(change.stakeAfter)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
