import type { ReactNode } from "react";
import type { ActionDraft, ActionField, DraftContext } from "../lib/action-draft.ts";
import { Field } from "./field.tsx";

/** A field of an action: a choice, a line or several lines. */
export function ActionFieldInput({
  field,
  fields,
  context,
  problem,
  onChange,
}: {
  field: ActionField;
  fields: ActionDraft["fields"];
  context: DraftContext;
  /** What is wrong with it; said once something was typed. */
  problem: string | undefined;
  onChange: (text: string) => void;
}): ReactNode {
  const { name, label, choices, hint, placeholder, isLong } = field;
  const value = fields[name] ?? "";
  const common = { className: "field", value, autoComplete: "off", spellCheck: false, placeholder };
  const isShown = value.trim() !== "" || choices !== undefined;
  return (
    <Field label={label} hint={hint?.(context, fields)} problem={isShown ? problem : undefined}>
      {(props) =>
        choices ? (
          <select {...props} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
            {!choices(context).some(([option]) => option === value) && <option value={value}>Choose …</option>}
            {choices(context).map(([option, words]) => (
              <option key={option} value={option}>
                {words}
              </option>
            ))}
          </select>
        ) : isLong ? (
          <textarea {...props} {...common} rows={3} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...props} {...common} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}
