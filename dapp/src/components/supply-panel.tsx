import type { ReactNode } from "react";
import { useSupply } from "../hooks/use-token-queries.ts";
import { formatMesh, formatShare } from "../lib/format.ts";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Where all MESH is now. */
export function SupplyPanel(): ReactNode {
  const supply = useSupply();
  const rows = () => (supply.data ?? []).map(({ name, amount }) => [name, amount]);
  return (
    <Panel
      title="Supply"
      hint={`1,000,000,000 MESH, fixed: 40\u00a0% for operators by emission, 20\u00a0% team, 20\u00a0% investors, 20\u00a0% community. Where it is now:`}
      actions={<CsvButton file="pqmesh-supply.csv" header={["holder", "amountWei"]} rows={rows} />}
    >
      <QueryView query={supply} height="16rem">
        {(parts) => {
          const total = parts.reduce((sum, { amount }) => sum + amount, 0n);
          return (
            <ul className="grid gap-2.5">
              {parts.map(({ name, amount }) => {
                const share = Number(amount) / Number(total);
                return (
                  <li key={name}>
                    <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                      <span>{name}</span>
                      <span>
                        {formatMesh(amount, 0)} <span className="text-muted">· {formatShare(share)}</span>
                      </span>
                    </div>
                    <div aria-hidden="true" className="bg-line mt-1 h-1.5 overflow-hidden rounded-full">
                      <div className="bg-accent h-full rounded-full" style={{ width: `${share * 100}%` }} />
                    </div>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </QueryView>
    </Panel>
  );
}
