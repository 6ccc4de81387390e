import { REGIONS } from "@pqmesh/contracts/protocol/region";
import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import type { ReactNode } from "react";
import { type ListingSearch, searchedToken } from "../lib/listing-search.ts";
import { PRIVACY_WORDS } from "../lib/market-words.ts";
import type { TokenUnit } from "../lib/token-amount.ts";

const SORT_WORDS = { newest: "Newest first", price: "Cheapest first", trust: "Most trusted", free: "Most free units" };

/** Filters and order above the table of listings. */
export function ListingFilters({
  search,
  params,
  tokens,
  onChange,
}: {
  search: ListingSearch;
  /** What is typed, valid or not. */
  params: URLSearchParams;
  /** Tokens of the market, the first allowed one first. */
  tokens: readonly TokenUnit[];
  onChange: (changes: Record<string, string>) => void;
}): ReactNode {
  const searched = searchedToken(search, tokens) ?? tokens[0];
  const input = (name: string, label: string, keep: RegExp): ReactNode => (
    <label className="min-w-0 flex-1 basis-32 sm:max-w-40">
      <span className="sr-only">{label}</span>
      <input
        className="field"
        inputMode="decimal"
        autoComplete="off"
        placeholder={label}
        value={params.get(name) ?? ""}
        onChange={(event) => onChange({ [name]: event.target.value.replace(keep, "").slice(0, 12) })}
      />
    </label>
  );
  return (
    <search aria-label="Find listings" className="flex flex-wrap gap-2 p-3 sm:px-4">
      <Choice
        label="Resource"
        value={search.kind ?? ""}
        any="All resources"
        options={ASSET_KINDS.map((kind) => [kind, kind])}
        onChange={(kind) => onChange({ kind: kind.toLowerCase() })}
      />
      <Choice
        label="Who may lease"
        value={search.privacy ?? ""}
        any="All who may lease"
        options={PRIVACY_LEVELS.map((level) => [level, PRIVACY_WORDS[level]])}
        onChange={(privacy) => onChange({ privacy: privacy.toLowerCase() })}
      />
      <Choice
        label="Region"
        value={search.region ?? ""}
        any="All regions"
        options={REGIONS.map((region) => [region, region])}
        onChange={(region) => onChange({ region: region.toLowerCase() })}
      />
      <label className="min-w-0 flex-1 basis-24 sm:max-w-32">
        <span className="sr-only">Country</span>
        <input
          className="field uppercase placeholder:normal-case"
          autoComplete="off"
          maxLength={2}
          placeholder="Country"
          value={params.get("country") ?? ""}
          onChange={(event) => onChange({ country: event.target.value.replace(/[^a-z]/gi, "").toUpperCase() })}
        />
      </label>
      {tokens.length > 1 && (
        <Choice
          label="Paid in"
          value={search.token ?? ""}
          any="All tokens"
          options={tokens.map(({ address, symbol }) => [address.toLowerCase(), symbol])}
          onChange={(token) => onChange({ token })}
        />
      )}
      {input("price", `Max price, ${searched?.symbol ?? "tokens"}`, /[^\d.]/g)}
      {input("trust", "Min trust, %", /\D/g)}
      {input("free", "Min free units", /\D/g)}
      <Choice
        label="Order"
        value={search.sort}
        options={Object.entries(SORT_WORDS)}
        onChange={(sort) => onChange({ sort: sort === "newest" ? "" : sort })}
      />
    </search>
  );
}

function Choice({
  label,
  value,
  any,
  options,
  onChange,
}: {
  label: string;
  value: string;
  /** Words for no choice. */
  any?: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <label className="flex-none max-sm:flex-1 max-sm:basis-36">
      <span className="sr-only">{label}</span>
      <select className="field w-full sm:w-auto" value={value} onChange={(event) => onChange(event.target.value)}>
        {any !== undefined && <option value="">{any}</option>}
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
