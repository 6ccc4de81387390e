import type { Buyer } from "@pqmesh/contracts/protocol/privacy-level";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useNetwork } from "../hooks/use-network.ts";
import { usePresence } from "../hooks/use-network-queries.ts";
import { formatCount } from "../lib/format.ts";
import { eligibilityOf } from "../lib/lease-eligibility.ts";
import { pricePerDay } from "../lib/lease-cost.ts";
import { freeUnits, type ListingView } from "../lib/listing-view.ts";
import { specSummary } from "../lib/spec-lines.ts";
import { formatToken } from "../lib/token-amount.ts";
import { EligibilityBadge } from "./eligibility-badge.tsx";
import { TrustBar } from "./trust-bar.tsx";

/** One page of the table of listings. */
export function ListingTable({
  listings,
  buyers,
  compared,
  canCompareMore,
  onCompare,
}: {
  listings: readonly ListingView[];
  /** What the connected wallet is to them; empty without one. */
  buyers: ReadonlyMap<number, Buyer>;
  /** Listings that are chosen for the comparison. */
  compared: readonly number[];
  canCompareMore: boolean;
  onCompare: (id: number, chosen: boolean) => void;
}): ReactNode {
  return (
    <div className="relative overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th className="w-8">
              <span className="sr-only">Compare</span>
            </th>
            <th>Listing</th>
            <th className="max-md:hidden">Node</th>
            <th className="num max-sm:hidden">Trust</th>
            <th className="num max-sm:hidden">Free units</th>
            <th className="num">Price a unit</th>
            <th className="max-sm:hidden">You</th>
          </tr>
        </thead>
        <tbody>
          {listings.map((listing) => (
            <ListingRow
              key={listing.id}
              {...{ listing, canCompareMore, onCompare }}
              buyer={buyers.get(listing.id)}
              isCompared={compared.includes(listing.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ListingRow({
  listing,
  buyer,
  isCompared,
  canCompareMore,
  onCompare,
}: {
  listing: ListingView;
  buyer: Buyer | undefined;
  isCompared: boolean;
  canCompareMore: boolean;
  onCompare: (id: number, chosen: boolean) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { id, kind, nodeIndex, identityId, units, terms, unit, privacy, trustScore, jurisdiction } = listing;
  const eligibility = eligibilityOf(privacy, buyer);
  const isSilent = usePresence().nodes.get(nodeIndex)?.state === "silent";
  return (
    <tr data-listing={id}>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare listing ${id}`}
          checked={isCompared}
          disabled={!isCompared && !canCompareMore}
          onChange={(event) => onCompare(id, event.target.checked)}
        />
      </td>
      <td>
        <Link className="link font-semibold" to={`/market/${id}`}>
          {kind} {formatCount(id)}
        </Link>
        {jurisdiction && <span className="text-muted"> · {jurisdiction}</span>}
        <span className="text-muted block text-sm">{specSummary(kind, listing.specs)}</span>
        <span className="text-sm sm:hidden">
          <EligibilityBadge eligibility={eligibility} />
        </span>
        {isSilent && (
          <span className="text-bad block text-sm" title="No heartbeat of its node reaches any relayer.">
            silent now: nobody would serve a lease
          </span>
        )}
      </td>
      <td className="max-md:hidden">
        <Link className="link" to={`/nodes/${nodeIndex}`}>
          Node {formatCount(nodeIndex)}
        </Link>
        <span className="text-muted block text-sm">operator {identityId}</span>
      </td>
      <td className="num max-sm:hidden">
        <TrustBar bp={trustScore} />
      </td>
      <td className="num max-sm:hidden">
        {formatCount(freeUnits(listing))} <span className="text-muted">of {formatCount(units)}</span>
      </td>
      <td className="num">
        {formatToken(terms.price, unit, unit.decimals)}
        <span className="text-muted block text-sm max-sm:hidden">
          {formatToken(pricePerDay(terms, config.epoch), unit, 2)} a day
        </span>
        {terms.isMetered && <span className="text-muted block text-sm">metered</span>}
      </td>
      <td className="max-sm:hidden">
        <EligibilityBadge eligibility={eligibility} />
      </td>
    </tr>
  );
}
