import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { type ReactNode, useState } from "react";
import { createListingPlan } from "../flows/manage-listing.ts";
import { useEntryPause } from "../hooks/use-entry-pauses.ts";
import { useCapacities } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp } from "../lib/format.ts";
import { proposedTerms, readTerms, sizeProblem } from "../lib/listing-draft.ts";
import { shareOf } from "../lib/listing-view.ts";
import { PRIVACY_SENTENCES, PRIVACY_WORDS } from "../lib/market-words.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { readBp } from "../lib/proposal-draft.ts";
import { writeSpecs } from "../lib/spec-fields.ts";
import type { TokenUnit } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { CountryField, countryProblem } from "./country-field.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";
import { SpecsFields } from "./specs-fields.tsx";
import { TermsFields } from "./terms-fields.tsx";

interface FormProps {
  operator: OperatorAccount;
  units: readonly TokenUnit[];
  onPlan: (plan: TransactionPlan) => void;
}

/** Asks what to offer of a node, and on which terms. */
export function ListingForm({ operator, units: tokens, onPlan }: FormProps): ReactNode {
  const nodes = operator.nodes.filter(({ exited }) => !exited).map(({ nodeIndex }) => nodeIndex);
  const [first] = tokens;
  return (
    <Panel title="New listing" hint="Specs and terms of a version can never be changed; new ones are new versions">
      {first && nodes.length > 0 ? (
        <Draft {...{ nodes, tokens, onPlan }} first={first} />
      ) : (
        <EmptyState title={first ? "Every node has exited" : "The DAO allows no token for leases yet"} />
      )}
    </Panel>
  );
}

function Draft({
  nodes,
  tokens,
  first,
  onPlan,
}: {
  nodes: readonly number[];
  tokens: readonly TokenUnit[];
  first: TokenUnit;
  onPlan: FormProps["onPlan"];
}): ReactNode {
  const { config } = useNetwork();
  const [nodeIndex, setNode] = useState(nodes[0]!);
  const [kind, setKind] = useState<AssetKind>("CPU");
  const [privacy, setPrivacy] = useState<PrivacyLevel>("FullPublic");
  const [token, setToken] = useState(first.address);
  const [size, setSize] = useState({ units: "1", share: "" });
  const [draft, setDraft] = useState(() => proposedTerms(config.epoch.lengthSeconds));
  const [specs, setSpecs] = useState(() => writeSpecs(kind, {}));
  const [country, setCountry] = useState("");
  const capacity = useCapacities(nodes).data?.find((one) => one.nodeIndex === nodeIndex);
  const unit = tokens.find(({ address }) => address === token) ?? first;
  const freeBp = capacity ? Math.max(0, shareOf(capacity.attested, kind) - shareOf(capacity.offered, kind)) : 0;
  const terms = readTerms(draft, unit);
  const pause = useEntryPause("Listing");
  const problem =
    pause ??
    (freeBp === 0
      ? `Node ${nodeIndex} attests no ${kind} that is not offered yet: show its newest attestation above.`
      : undefined) ??
    sizeProblem(size.units, size.share, freeBp) ??
    ("problem" in terms ? terms.problem : undefined) ??
    specs.problem ??
    countryProblem(country);
  const isTyped = size.share !== "" && draft.price !== "";
  const submit = (): void => {
    const shareBp = readBp(size.share);
    if (problem || "problem" in terms || shareBp === undefined) return;
    const supply = { nodeIndex, units: Number(size.units), shareBp, kind, privacy };
    const version = { terms: terms.terms, unit, jurisdiction: country, specs: specs.text };
    onPlan(createListingPlan(config.contracts.NodeListings, supply, version));
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Choice
          label="Node"
          value={String(nodeIndex)}
          options={nodes.map((node) => [String(node), `Node ${node}`])}
          onChange={(node) => setNode(Number(node))}
        />
        <Choice
          label="Resource"
          value={kind}
          options={ASSET_KINDS.map((one) => [one, one])}
          onChange={(one) => {
            setKind(one as AssetKind);
            setSpecs(writeSpecs(one as AssetKind, {}));
          }}
        />
        <Choice
          label="Who may lease"
          value={privacy}
          hint={PRIVACY_SENTENCES[privacy]}
          options={PRIVACY_LEVELS.map((level) => [level, PRIVACY_WORDS[level]])}
          onChange={(level) => setPrivacy(level as PrivacyLevel)}
        />
        <Text label="Units" value={size.units} onChange={(units) => setSize({ ...size, units })} />
        <Text
          label="Share of the resource, %"
          hint={`All units together; ${formatBp(freeBp, 2)} are attested and not offered`}
          value={size.share}
          onChange={(share) => setSize({ ...size, share })}
        />
        {tokens.length > 1 && (
          <Choice
            label="Paid in"
            value={token}
            options={tokens.map(({ address, symbol }) => [address, symbol])}
            onChange={(address) => setToken(address as TokenUnit["address"])}
          />
        )}
      </div>
      <TermsFields {...{ draft, unit }} onChange={setDraft} />
      <SpecsFields key={kind} kind={kind} start="{}" onChange={setSpecs} />
      <CountryField country={country} onChange={setCountry} />
      {isTyped && problem && <p className="text-bad text-sm">{problem}</p>}
      <div>
        <button type="submit" className="button button-primary" disabled={!isTyped || problem !== undefined}>
          Preview listing
        </button>
      </div>
    </form>
  );
}

function Choice({
  label,
  value,
  hint,
  options,
  onChange,
}: {
  label: string;
  value: string;
  hint?: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <select {...props} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Text({
  label,
  value,
  hint,
  onChange,
}: {
  label: string;
  value: string;
  hint?: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
      )}
    </Field>
  );
}
