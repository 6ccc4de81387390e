import type { ReactNode } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import { termsInWords } from "../lib/lease-cost.ts";
import { freeUnits, type ListingStanding, type ListingView } from "../lib/listing-view.ts";
import { PRIVACY_SENTENCES } from "../lib/market-words.ts";
import { specLines } from "../lib/spec-lines.ts";
import { formatToken } from "../lib/token-amount.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** What one unit is, and how many there are. */
export function ListingSpecs({ listing }: { listing: ListingView }): ReactNode {
  const { kind, specs, jurisdiction, units, shareBp, privacy } = listing;
  const lines = specLines(kind, specs);
  return (
    <Panel title="One unit" hint="The provider's own words; what the committee proves is uptime, not hardware">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        {lines.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name="Share of the node">{formatBp(shareBp / units, 2)}</Fact>
        <Fact name="Free units">
          <span data-testid="free-units">{formatCount(freeUnits(listing))}</span> of {formatCount(units)}
        </Fact>
        <Fact name="Country">{jurisdiction || "not said"}</Fact>
        <Fact name="Who may lease" wide>
          {PRIVACY_SENTENCES[privacy]}
        </Fact>
      </dl>
    </Panel>
  );
}

/** The terms of the newest version in words. */
export function ListingTerms({
  listing: { terms, unit, version },
}: {
  listing: Pick<ListingView, "terms" | "unit" | "version">;
}): ReactNode {
  const { config } = useNetwork();
  return (
    <Panel title={`Terms, version ${version}`} hint="A lease keeps the terms it was opened with">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {termsInWords(terms, unit, config.epoch).map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </Panel>
  );
}

/** What stands behind a listing: operator, attested capacity beside offered and sold, bond. */
export function ListingBacking({
  listing: { kind, soldUnits, units, shareBp, identityId, unit },
  standing,
}: {
  listing: ListingView;
  standing: ListingStanding;
}): ReactNode {
  const { offeredBp, attestedBp, shownEpoch, bond, operator } = standing;
  const soldBp = Math.round((shareBp * soldUnits) / units);
  return (
    <Panel title="What stands behind it">
      <div className="grid gap-3">
        <Bar name={`${kind} that the node attests`} bp={attestedBp} />
        <Bar name="Offered by its listings" bp={offeredBp} />
        <Bar name="Sold of this listing" bp={soldBp} />
        <p className="text-muted text-sm">
          {shownEpoch === undefined
            ? "No attestation of its capacity was shown yet."
            : `By the attestation of epoch ${formatCount(shownEpoch)}. Listings can never take more than it.`}
        </p>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
          <Fact name={`Operator ${identityId}`}>
            <Copyable value={operator.owner} label="operator's address" />
          </Fact>
          <Fact name="Provider's bond, free">{formatToken(bond.free, unit)}</Fact>
          <Fact name="Locked for leases">{formatToken(bond.locked, unit)}</Fact>
        </dl>
      </div>
    </Panel>
  );
}

function Bar({ name, bp }: { name: string; bp: number }): ReactNode {
  return (
    <div>
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span>{name}</span> <span>{formatBp(bp, 2)}</span>
      </p>
      <div aria-hidden="true" className="bg-line mt-1 h-1.5 overflow-hidden rounded-full">
        <div className="bg-accent h-full rounded-full" style={{ width: `${Math.min(100, bp / 100)}%` }} />
      </div>
    </div>
  );
}
