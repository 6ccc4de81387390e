import type { ReactNode } from "react";
import { Link } from "react-router";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount, shorten } from "../lib/format.ts";
import { runwayWords } from "../lib/lease-runway.ts";
import type { LeaseSummary } from "../lib/lease-list.ts";
import { formatToken } from "../lib/token-amount.ts";
import { LeaseBadge } from "./lease-badge.tsx";

/** Leases with where they are and how far they are paid for. */
export function LeaseTable<Lease extends LeaseSummary>({
  leases,
  showClient = false,
  actions,
}: {
  leases: readonly Lease[];
  showClient?: boolean;
  /** What can be done with a lease at once. */
  actions?: (lease: Lease) => ReactNode;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  return (
    <div className="relative mt-2 overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Lease</th>
            <th>Status</th>
            {showClient && <th className="max-md:hidden">Client</th>}
            <th className="num max-sm:hidden">Rent an epoch</th>
            <th>Runway</th>
            {actions && (
              <th>
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <tr key={lease.id} data-lease={lease.id}>
              <td>
                <Link className="link font-semibold whitespace-nowrap" to={`/leases/${lease.id}`}>
                  Lease {formatCount(lease.id)}
                </Link>
                <span className="text-muted block text-sm">
                  {formatCount(lease.units)} × {lease.kind}, node {lease.nodeIndex}
                </span>
              </td>
              <td>
                <LeaseBadge status={lease.status} />
                {lease.record.isDisputed && <span className="text-warn block text-sm">disputed</span>}
              </td>
              {showClient && (
                <td className="font-mono text-[0.9em] max-md:hidden" title={lease.client}>
                  {shorten(lease.client)}
                </td>
              )}
              <td className="num max-sm:hidden">{formatToken(lease.rate, lease.unit, lease.unit.decimals)}</td>
              <td>{runwayWords(lease, config.epoch, seconds)}</td>
              {actions && <td className="num">{actions(lease)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
