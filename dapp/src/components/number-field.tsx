import { type ReactNode, useState } from "react";
import { Field } from "./field.tsx";

const MAX_DIGITS = 9;

/** A field for a whole number. Whatever else is typed stays to be seen, and counts as nothing. */
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
  const [mistyped, setMistyped] = useState<string>();
  const read = (text: string): void => {
    const isWhole = /^\d*$/.test(text);
    setMistyped(isWhole ? undefined : text);
    onChange(isWhole ? text.slice(0, MAX_DIGITS) : "");
  };
  return (
    <Field
      label={label}
      hint={hint}
      problem={mistyped === undefined ? problem : "A whole number, without sign, point or letters."}
    >
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="numeric"
          autoComplete="off"
          readOnly={isLocked}
          value={mistyped ?? value}
          onChange={(event) => read(event.target.value)}
        />
      )}
    </Field>
  );
}
