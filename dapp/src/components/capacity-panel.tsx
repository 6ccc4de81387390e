import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { showCapacityPlan } from "../flows/show-capacity.ts";
import { useCapacities } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import { shareOf } from "../lib/listing-view.ts";
import { newestReportedClaim } from "../lib/newest-claim.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** What the operator's nodes attested to have, beside what is offered; listings need it on chain. */
export function CapacityPanel({
  operator,
  onPlan,
}: {
  operator: OperatorAccount;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const services = useNetwork();
  const nodes = operator.nodes.filter(({ exited }) => !exited).map(({ nodeIndex }) => nodeIndex);
  const capacities = useCapacities(nodes);
  const show = useMutation({
    mutationFn: async (nodeIndex: number) => {
      const claim = await newestReportedClaim(services, nodeIndex);
      onPlan(showCapacityPlan(services.config.contracts.NodeListings, claim));
    },
  });
  return (
    <Panel
      title="Capacity"
      hint="Offered of attested, as shown on chain. An agent that serves leases shows its newest attestation by itself."
      flush
    >
      <QueryView query={capacities}>
        {(found) => (
          <div className="relative mt-2 overflow-x-auto">
            <table className="table">
              <thead>
                <tr>
                  <th>Node</th>
                  {ASSET_KINDS.map((kind) => (
                    <th key={kind} className="num">
                      {kind}
                    </th>
                  ))}
                  <th>
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.map(({ nodeIndex, offered, attested, epoch }) => (
                  <tr key={nodeIndex} data-capacity-of={nodeIndex}>
                    <td className="whitespace-nowrap">
                      Node {nodeIndex}
                      <span className="text-muted block text-sm">
                        {epoch === 0n ? "nothing shown yet" : `epoch ${formatCount(epoch)}`}
                      </span>
                    </td>
                    {ASSET_KINDS.map((kind) => (
                      <td key={kind} className="num">
                        {formatBp(shareOf(offered, kind), 0)}
                        <span className="text-muted block text-sm">of {formatBp(shareOf(attested, kind), 0)}</span>
                      </td>
                    ))}
                    <td className="num">
                      <button
                        type="button"
                        className="button button-small"
                        disabled={show.isPending}
                        onClick={() => show.mutate(nodeIndex)}
                      >
                        Show newest
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryView>
      {show.isError && <p className="text-bad px-4 py-2 text-sm sm:px-5">{show.error.message}</p>}
    </Panel>
  );
}
