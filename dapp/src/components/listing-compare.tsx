import type { Buyer } from "@pqmesh/contracts/protocol/privacy-level";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import { eligibilityOf } from "../lib/lease-eligibility.ts";
import { pricePerDay, termsInWords } from "../lib/lease-cost.ts";
import { freeUnits, type ListingView } from "../lib/listing-view.ts";
import { PRIVACY_WORDS } from "../lib/market-words.ts";
import { specLines } from "../lib/spec-lines.ts";
import { formatToken } from "../lib/token-amount.ts";
import { EligibilityBadge } from "./eligibility-badge.tsx";
import { Panel } from "./panel.tsx";

/** Listings side by side; what differs is set in bold. */
export function ListingCompare({
  listings,
  buyers,
  onRemove,
  onClear,
}: {
  listings: readonly ListingView[];
  buyers: ReadonlyMap<number, Buyer>;
  onRemove: (id: number) => void;
  onClear: () => void;
}): ReactNode {
  const { config } = useNetwork();
  const rows = compareRows(listings, (terms) => pricePerDay(terms, config.epoch), config.epoch);
  return (
    <Panel
      title="Compare"
      hint={listings.length < 2 ? "Choose another listing below" : "What differs is in bold"}
      actions={
        <button type="button" className="button button-small" onClick={onClear}>
          Clear
        </button>
      }
      flush
    >
      <div className="relative mt-2 overflow-x-auto">
        <table className="table" data-testid="compare">
          <thead>
            <tr>
              <th>
                <span className="sr-only">What</span>
              </th>
              {listings.map(({ id, kind }) => (
                <th key={id} scope="col">
                  <Link className="link text-ink" to={`/market/${id}`}>
                    {kind} {formatCount(id)}
                  </Link>{" "}
                  <button
                    type="button"
                    className="text-muted hover:text-ink"
                    aria-label={`Remove listing ${id} from the comparison`}
                    onClick={() => onRemove(id)}
                  >
                    ×
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">You</th>
              {listings.map(({ id, privacy }) => (
                <td key={id}>
                  <EligibilityBadge eligibility={eligibilityOf(privacy, buyers.get(id))} />
                </td>
              ))}
            </tr>
            {rows.map(({ name, values }) => {
              const differs = new Set(values).size > 1;
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {values.map((value, i) => (
                    <td key={listings[i]!.id} className={differs ? "font-semibold" : ""}>
                      {value}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function compareRows(
  listings: readonly ListingView[],
  perDay: (terms: ListingView["terms"]) => bigint,
  epoch: Parameters<typeof termsInWords>[2],
): { name: string; values: string[] }[] {
  const specs = listings.map(
    ({ kind, specs: text }) => new Map(specLines(kind, text).map((line) => [line.name, line])),
  );
  const names = [...new Set(specs.flatMap((lines) => [...lines.keys()]))];
  const terms = listings.map((listing) => termsInWords(listing.terms, listing.unit, epoch));
  const row = (name: string, value: (listing: ListingView) => string) => ({ name, values: listings.map(value) });
  return [
    ...names.map((name) => ({ name, values: specs.map((lines) => lines.get(name)?.value ?? "–") })),
    row("A day", ({ terms: own, unit }) => formatToken(perDay(own), unit, 2)),
    ...terms[0]!.map(({ name }, i) => ({ name, values: terms.map((lines) => lines[i]!.value) })),
    row("Free units", (listing) => formatCount(freeUnits(listing))),
    row("Who may lease", ({ privacy }) => PRIVACY_WORDS[privacy]),
    row("Country", ({ jurisdiction }) => jurisdiction || "–"),
    row("Trust Score", ({ trustScore }) => (trustScore === undefined ? "–" : formatBp(trustScore))),
    row("Node", ({ nodeIndex }) => formatCount(nodeIndex)),
  ];
}
