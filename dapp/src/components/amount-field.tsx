import type { ReactNode } from "react";
import { formatMeshExact } from "../lib/format.ts";
import { Field } from "./field.tsx";

/** A field for an amount of MESH with a button that fills in the most there is. */
export function AmountField({
  label,
  value,
  most,
  mostLabel,
  problem,
  hint,
  onChange,
}: {
  label: string;
  value: string;
  /** MESH wei. */
  most: bigint;
  mostLabel: string;
  problem: string | undefined;
  hint: ReactNode;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(props) => (
        <div className="flex gap-2">
          <div className="relative min-w-0 flex-1">
            <input
              {...props}
              className="field pr-16"
              inputMode="decimal"
              autoComplete="off"
              placeholder="0"
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
            <span className="text-muted pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-sm">
              MESH
            </span>
          </div>
          <button
            type="button"
            className="button"
            disabled={most === 0n}
            onClick={() => onChange(formatMeshExact(most))}
          >
            {mostLabel}
          </button>
        </div>
      )}
    </Field>
  );
}
