import type { ReactNode } from "react";
import { type Address, isAddress, zeroAddress } from "viem";
import { Field } from "./field.tsx";

/** A field for an address, or for what begins with one. */
export function AddressField({
  label,
  value,
  onChange,
  problem,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
  /** What the address is for. */
  children: ReactNode;
}): ReactNode {
  return (
    <Field label={label} hint={children} problem={problem}>
      {(props) => (
        <input
          {...props}
          className="field font-mono"
          autoComplete="off"
          spellCheck={false}
          placeholder="0x…"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** Why a text is no address; undefined when it is one or empty. */
export function addressProblem(text: string): string | undefined {
  if (text.trim() === "" || isAddress(text.trim())) return undefined;
  return "This is not an address, or its checksum is wrong.";
}

/** The address that a text is; undefined when it is none, or zero. */
export function readAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  return isAddress(trimmed) && trimmed !== zeroAddress ? trimmed : undefined;
}
