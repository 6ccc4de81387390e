import type { ReactNode } from "react";
import { usePresence } from "../hooks/use-network-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh } from "../lib/format.ts";
import type { RelayerSummary } from "../lib/network-view.ts";
import { Copyable } from "./copyable.tsx";

/** Relayers with their seat, their bond and whether their read API answers this browser. */
export function RelayerTable({ relayers }: { relayers: readonly RelayerSummary[] }): ReactNode {
  const { config } = useNetwork();
  const { answering } = usePresence();
  const urls = new Map(config.relayers.map(({ address, url }) => [address.toLowerCase(), url]));
  const seated = [...relayers].sort((a, b) => (a.seat ?? 1e9) - (b.seat ?? 1e9));
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Seat</th>
            <th>Relayer</th>
            <th className="num max-sm:hidden">Bond</th>
            <th>Read API</th>
          </tr>
        </thead>
        <tbody>
          {seated.map(({ address, seat, bond }) => {
            const url = urls.get(address.toLowerCase());
            return (
              <tr key={address}>
                <td className="font-medium">{seat ?? <span className="text-muted">waiting</span>}</td>
                <td>
                  <Copyable value={address} label="address of the relayer" />
                </td>
                <td className="num whitespace-nowrap max-sm:hidden">{formatMesh(bond)}</td>
                <td>{url ? <Answer known={answering !== undefined} answers={answering?.has(url) ?? false} /> : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Answer({ known, answers }: { known: boolean; answers: boolean }): ReactNode {
  if (!known) return <span className="text-muted">asking …</span>;
  return answers ? (
    <span className="text-ok font-medium whitespace-nowrap">● answers</span>
  ) : (
    <span className="text-bad font-medium whitespace-nowrap">○ silent</span>
  );
}
