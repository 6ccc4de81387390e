import { type ReactNode, useState } from "react";
import { readMeshAmount } from "../lib/mesh-amount.ts";
import { AmountField } from "./amount-field.tsx";

/** Asks for an amount of MESH; what is beside the button is given as children. */
export function AmountForm({
  label,
  button,
  start = "",
  most,
  mostLabel,
  problemOf,
  hint,
  isReady = true,
  children,
  onSubmit,
}: {
  label: string;
  button: string;
  /** What the field begins with. */
  start?: string;
  /** MESH wei. */
  most: bigint;
  mostLabel: string;
  /** Why an amount (MESH wei) is not possible. */
  problemOf: (amount: bigint) => string | undefined;
  /** Below the field; knows the amount when there is one. */
  hint: (amount: bigint | undefined) => ReactNode;
  /** False while something else is missing. */
  isReady?: boolean;
  children?: ReactNode;
  onSubmit: (amount: bigint) => void;
}): ReactNode {
  const [text, setText] = useState(start);
  const reading = readMeshAmount(text);
  const found = "problem" in reading ? reading.problem : problemOf(reading.wei);
  const problem = text === "" ? undefined : found;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if ("wei" in reading && !problem && isReady) onSubmit(reading.wei);
      }}
    >
      <AmountField
        {...{ label, most, mostLabel, problem }}
        value={text}
        hint={hint("wei" in reading ? reading.wei : undefined)}
        onChange={setText}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button
          type="submit"
          className="button button-primary"
          disabled={text === "" || found !== undefined || !isReady}
        >
          {button}
        </button>
        {children}
      </div>
    </form>
  );
}
