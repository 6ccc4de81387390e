import { ENTRY_AREAS } from "@pqmesh/contracts/protocol/entry-area";
import { type ReactNode, useState } from "react";
import { pauseEntryPlan, resumeEntryPlan } from "../flows/pause-entry.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { DraftProblem } from "../lib/action-draft.ts";
import { durationOf } from "../lib/action-field-values.ts";
import { EntryArea, type EntryAreaName } from "../lib/entry-area.ts";
import type { EntryPause } from "../lib/entry-pause.ts";
import { formatDuration } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

/** Where the emergency guardian pauses entries, and ends its own pauses. */
export function GuardianDesk({
  pauses,
  longest,
}: {
  pauses: readonly EntryPause[];
  /** Seconds. */
  longest: number;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime(5_000);
  const [area, setArea] = useState<EntryAreaName>("Stake");
  const [length, setLength] = useState("");
  const [plan, setPlan] = useState<TransactionPlan>();
  const reading = readLength(length, longest);
  const table = config.contracts.NetworkParameters;
  const own = pauses.filter(({ until, isByGuardian }) => isByGuardian && until > seconds);
  return (
    <div className="bg-well grid gap-3 rounded-lg p-4">
      <p className="font-medium">This wallet is the emergency guardian</p>
      <form
        className="grid items-start gap-3 sm:grid-cols-[1fr_1fr_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          if ("seconds" in reading) {
            setPlan(pauseEntryPlan(table, area, { now: seconds, length: reading.seconds, longest }));
          }
        }}
      >
        <Field label="Keep out">
          {(props) => (
            <select
              {...props}
              className="field"
              value={area}
              onChange={(event) => setArea(event.target.value as EntryAreaName)}
            >
              {pauses.map(({ area: name }) => (
                <option key={name} value={name}>
                  {ENTRY_AREAS[EntryArea[name]]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="For how long"
          problem={"problem" in reading && length !== "" ? reading.problem : undefined}
          hint={`At most ${formatDuration(longest)}`}
        >
          {(props) => (
            <input
              {...props}
              className="field"
              autoComplete="off"
              placeholder="12 h"
              value={length}
              onChange={(event) => setLength(event.target.value)}
            />
          )}
        </Field>
        <button type="submit" className="button button-primary sm:mt-7" disabled={"problem" in reading}>
          Preview pause
        </button>
      </form>
      {own.map(({ area: name }) => (
        <div key={name}>
          <button type="button" className="button button-small" onClick={() => setPlan(resumeEntryPlan(table, name))}>
            End the pause of {ENTRY_AREAS[EntryArea[name]]}
          </button>
        </div>
      ))}
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function readLength(text: string, longest: number): { seconds: number } | { problem: string } {
  try {
    const seconds = durationOf({ length: text }, "length");
    if (seconds === 0) return { problem: "Enter more than zero." };
    return seconds > longest ? { problem: `It must be at most ${formatDuration(longest)} (maxPause).` } : { seconds };
  } catch (error) {
    if (error instanceof DraftProblem) return { problem: error.message };
    throw error;
  }
}
