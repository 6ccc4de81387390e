import type { ReactNode } from "react";
import { useVersions } from "../hooks/use-market-queries.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import type { ListingView } from "../lib/listing-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Every version of a listing; none can be changed. */
export function ListingVersions({ listing }: { listing: ListingView }): ReactNode {
  const versions = useVersions(listing);
  return (
    <Panel title="Versions" hint="None can be changed; who leases gets the newest" flush>
      <QueryView query={versions}>
        {(found) => (
          <div className="mt-2 overflow-x-auto">
            <table className="table">
              <thead>
                <tr>
                  <th>Version</th>
                  <th className="num">Price</th>
                  <th className="num max-sm:hidden">Epochs</th>
                  <th className="num">Uptime</th>
                  <th className="max-sm:hidden">Published in</th>
                </tr>
              </thead>
              <tbody>
                {found.map(({ version, terms, transaction }) => (
                  <tr key={version} data-version={version}>
                    <td>{version}</td>
                    <td className="num">{formatToken(terms.price, listing.unit, listing.unit.decimals)}</td>
                    <td className="num max-sm:hidden">
                      {formatCount(terms.minEpochs)} to {formatCount(terms.maxEpochs)}
                    </td>
                    <td className="num">{formatBp(terms.uptimeBp, 2)}</td>
                    <td className="max-sm:hidden">
                      <Copyable value={transaction} label="transaction hash" />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryView>
    </Panel>
  );
}
