import type { ReactNode } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { formatDuration } from "../lib/format.ts";
import type { TermsDraft } from "../lib/listing-draft.ts";
import type { TokenUnit } from "../lib/token-amount.ts";
import { Field } from "./field.tsx";

const NUMBERS: readonly [keyof Omit<TermsDraft, "isMetered">, string][] = [
  ["minEpochs", "Shortest term, epochs"],
  ["maxEpochs", "Longest term, epochs"],
  ["maxMissedRun", "Breach after missed in a row"],
  ["acceptEpochs", "Time to accept, epochs"],
  ["noticeEpochs", "Notice, epochs"],
  ["graceEpochs", "Grace without funds, epochs"],
  ["bondEpochs", "Your bond, epochs of rent"],
];

/** Fields for the terms of a version. */
export function TermsFields({
  draft,
  unit,
  onChange,
}: {
  draft: TermsDraft;
  unit: TokenUnit;
  onChange: (draft: TermsDraft) => void;
}): ReactNode {
  const { config } = useNetwork();
  const time = (epochs: string): string => {
    return /^\d{1,9}$/.test(epochs) ? formatDuration(Number(epochs) * config.epoch.lengthSeconds) : "";
  };
  const field = (key: keyof Omit<TermsDraft, "isMetered">, label: string, hint: string): ReactNode => (
    <Field key={key} label={label} hint={hint}>
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="decimal"
          autoComplete="off"
          value={draft[key]}
          onChange={(event) => onChange({ ...draft, [key]: event.target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        {field(
          "price",
          `Price of a unit and epoch, ${unit.symbol}`,
          `An epoch is ${formatDuration(config.epoch.lengthSeconds)}`,
        )}
        {field("uptime", "Uptime, %", "Least share of the term")}
        {NUMBERS.map(([key, label]) => field(key, label, time(draft[key])))}
      </div>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={draft.isMetered}
          onChange={(event) => onChange({ ...draft, isMetered: event.target.checked })}
        />
        Metered: the client signs vouchers for what it used, up to the rent of proven epochs
      </label>
    </>
  );
}
