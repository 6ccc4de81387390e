import type { ReactNode } from "react";
import { Field } from "./field.tsx";

/** A field for a whole number. */
export function NumberField({
  label,
  value,
  hint,
  problem,
  isLocked = false,
  onChange,
}: {
  label: string;
  value: string;
  hint?: ReactNode;
  problem?: string | undefined;
  isLocked?: boolean;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="numeric"
          autoComplete="off"
          readOnly={isLocked}
          value={value}
          onChange={(event) => onChange(event.target.value.replace(/\D/g, "").slice(0, 9))}
        />
      )}
    </Field>
  );
}
