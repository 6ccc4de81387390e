import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { pausePlan, publishVersionPlan, resizePlan, retirePlan, setPrivacyPlan } from "../flows/manage-listing.ts";
import { useListingStanding } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import { draftOf, readTerms, sizeProblem, soldProblem } from "../lib/listing-draft.ts";
import type { ListingView } from "../lib/listing-view.ts";
import { PRIVACY_WORDS } from "../lib/market-words.ts";
import { readBp } from "../lib/proposal-draft.ts";
import { specSummary } from "../lib/spec-lines.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { CountryField, countryProblem } from "./country-field.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Field } from "./field.tsx";
import { OfferForm } from "./offer-form.tsx";
import { Panel } from "./panel.tsx";
import { SpecsFields } from "./specs-fields.tsx";
import { TermsFields } from "./terms-fields.tsx";

interface CardProps {
  listing: ListingView;
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}

/** The operator's listings and everything that can be changed about them. */
export function OwnListingsPanel({
  listings,
  ...rest
}: Omit<CardProps, "listing"> & { listings: readonly ListingView[] }): ReactNode {
  return (
    <Panel title="Your listings" flush>
      {listings.length === 0 && (
        <EmptyState title="You list nothing yet">Show the capacity of a node, then fill in the form below.</EmptyState>
      )}
      <div className="mt-2">
        {listings.map((listing) => (
          <ListingCard key={listing.id} {...rest} listing={listing} />
        ))}
      </div>
    </Panel>
  );
}

type Part = "terms" | "size" | "offer";

function ListingCard({ listing, wallet, onPlan }: CardProps): ReactNode {
  const { config } = useNetwork();
  const [open, setOpen] = useState<Part>();
  const contract = config.contracts.NodeListings;
  const { id, kind, nodeIndex, units, soldUnits, privacy, isPaused, isRetired, terms, unit, specs, version } = listing;
  const toggle = (part: Part, label: string): ReactNode => (
    <button
      type="button"
      className="button button-small"
      aria-expanded={open === part}
      onClick={() => setOpen(open === part ? undefined : part)}
    >
      {label}
    </button>
  );
  return (
    <article className="border-line grid gap-3 border-t px-4 py-4 first:border-t-0 sm:px-5" data-own-listing={id}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3>
            <Link className="link font-semibold" to={`/market/${id}`}>
              {kind} {formatCount(id)}
            </Link>{" "}
            <span className={isRetired ? "text-off" : isPaused ? "text-warn" : "text-ok"} data-testid="listing-state">
              {isRetired ? "retired" : isPaused ? "paused" : "open"}
            </span>
          </h3>
          <p className="text-muted text-sm">
            node {nodeIndex} · {formatCount(soldUnits)} of {formatCount(units)} units sold ·{" "}
            {formatToken(terms.price, unit, unit.decimals)} a unit and epoch · version {version} ·{" "}
            {specSummary(kind, specs)}
          </p>
        </div>
        {!isRetired && (
          <div className="flex flex-wrap gap-2">
            <button
              type="button"
              className="button button-small"
              onClick={() => onPlan(pausePlan(contract, listing, !isPaused))}
            >
              {isPaused ? "Resume" : "Pause"}
            </button>
            {toggle("terms", "New version")}
            {toggle("size", "Resize")}
            {privacy === "P2P" && toggle("offer", "Sign an offer")}
            <button
              type="button"
              className="button button-small button-danger"
              onClick={() => onPlan(retirePlan(contract, listing))}
            >
              Retire
            </button>
          </div>
        )}
      </div>
      {!isRetired && (
        <label className="flex flex-wrap items-center gap-2 text-sm">
          Who may lease
          <select
            className="field w-auto"
            value={privacy}
            onChange={(event) => onPlan(setPrivacyPlan(contract, listing, event.target.value as PrivacyLevel))}
          >
            {PRIVACY_LEVELS.map((level) => (
              <option key={level} value={level}>
                {PRIVACY_WORDS[level]}
              </option>
            ))}
          </select>
        </label>
      )}
      {open === "terms" && <VersionForm {...{ listing, onPlan }} />}
      {open === "size" && <SizeForm {...{ listing, onPlan }} />}
      {open === "offer" && <OfferForm {...{ listing, wallet }} />}
    </article>
  );
}

function VersionForm({ listing, onPlan }: Omit<CardProps, "wallet">): ReactNode {
  const { config } = useNetwork();
  const { unit, kind, jurisdiction } = listing;
  const [draft, setDraft] = useState(() => draftOf(listing.terms, unit));
  const [specs, setSpecs] = useState<{ text: string; problem?: string }>({ text: listing.specs });
  const [country, setCountry] = useState(jurisdiction);
  const reading = readTerms(draft, unit);
  const problem = "problem" in reading ? reading.problem : (specs.problem ?? countryProblem(country));
  return (
    <form
      className="bg-well grid gap-4 rounded-lg p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if ("problem" in reading || problem) return;
        const next = { terms: reading.terms, unit, jurisdiction: country, specs: specs.text };
        onPlan(publishVersionPlan(config.contracts.NodeListings, listing, next));
      }}
    >
      <TermsFields {...{ draft, unit }} onChange={setDraft} />
      <SpecsFields kind={kind} start={listing.specs} onChange={setSpecs} />
      <CountryField country={country} onChange={setCountry} />
      {problem && <p className="text-bad text-sm">{problem}</p>}
      <div>
        <button type="submit" className="button button-primary" disabled={problem !== undefined}>
          Preview version
        </button>
      </div>
    </form>
  );
}

function SizeForm({ listing, onPlan }: Omit<CardProps, "wallet">): ReactNode {
  const { config } = useNetwork();
  const standing = useListingStanding(listing).data;
  const [units, setUnits] = useState(String(listing.units));
  const [share, setShare] = useState(String(listing.shareBp / 100));
  if (!standing) return <div className="skeleton h-20" />;
  const freeBp = Math.max(listing.shareBp, standing.attestedBp - standing.offeredBp + listing.shareBp);
  const problem = sizeProblem(units, share, freeBp) ?? soldProblem(listing, Number(units), readBp(share) ?? 0);
  const input = (label: string, value: string, onChange: (value: string) => void): ReactNode => (
    <Field label={label}>
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="decimal"
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
      )}
    </Field>
  );
  return (
    <form
      className="bg-well grid gap-4 rounded-lg p-4"
      onSubmit={(event) => {
        event.preventDefault();
        const shareBp = readBp(share);
        if (problem || shareBp === undefined) return;
        onPlan(resizePlan(config.contracts.NodeListings, listing, Number(units), shareBp));
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {input("Units", units, setUnits)}
        {input(`Share of the ${listing.kind}, % (at most ${formatBp(freeBp, 2)})`, share, setShare)}
      </div>
      {problem && <p className="text-bad text-sm">{problem}</p>}
      <div>
        <button type="submit" className="button button-primary" disabled={problem !== undefined}>
          Preview size
        </button>
      </div>
    </form>
  );
}
