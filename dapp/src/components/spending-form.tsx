import { type ReactNode, useState } from "react";
import { type AmountReading, readMeshAmount } from "../lib/mesh-amount.ts";
import type { MeshSpending } from "../lib/spend-steps.ts";
import { AmountField } from "./amount-field.tsx";

/** Asks for an amount of MESH that a contract takes, and whether the wallet can sign a permit. */
export function SpendingForm({
  label,
  button,
  start,
  most,
  mostLabel = "All I have",
  problemOf,
  hint,
  onSubmit,
}: {
  label: string;
  button: string;
  /** What the field begins with. */
  start?: string;
  /** MESH wei. */
  most: bigint;
  mostLabel?: string;
  /** Why an amount (MESH wei) is not possible. */
  problemOf: (amount: bigint) => string | undefined;
  /** Below the field; knows the amount when there is one. */
  hint: (amount: bigint | undefined) => ReactNode;
  onSubmit: (amount: bigint, method: MeshSpending["method"]) => void;
}): ReactNode {
  const [text, setText] = useState(start ?? "");
  const [method, setMethod] = useState<MeshSpending["method"]>("permit");
  const reading = readMeshAmount(text);
  const problem = text === "" ? undefined : problemIn(reading, problemOf);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if ("wei" in reading && !problem) onSubmit(reading.wei, method);
      }}
    >
      <AmountField
        {...{ label, most, mostLabel, problem }}
        value={text}
        hint={hint("wei" in reading ? reading.wei : undefined)}
        onChange={setText}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="submit" className="button button-primary" disabled={text === "" || problem !== undefined}>
          {button}
        </button>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={method === "approve"}
            onChange={(event) => setMethod(event.target.checked ? "approve" : "permit")}
          />
          My wallet cannot sign permits (two transactions)
        </label>
      </div>
    </form>
  );
}

function problemIn(reading: AmountReading, problemOf: (amount: bigint) => string | undefined): string | undefined {
  return "problem" in reading ? reading.problem : problemOf(reading.wei);
}
