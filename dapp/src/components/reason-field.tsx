import type { ReactNode } from "react";
import type { ReasonChoices } from "../lib/certificate-words.ts";
import { Field } from "./field.tsx";

/** Asks for the reason of a revocation. */
export function ReasonField({
  reasons,
  reason,
  onChange,
}: {
  /** Those that the wallet may give. */
  reasons: ReasonChoices;
  reason: number;
  onChange: (reason: number) => void;
}): ReactNode {
  return (
    <Field label="Reason" hint="It is public, and kept for ever (RFC 5280 section 5.3.1).">
      {(props) => (
        <select {...props} className="field" value={reason} onChange={(event) => onChange(Number(event.target.value))}>
          {reasons.map(([code, words]) => (
            <option key={code} value={code}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
