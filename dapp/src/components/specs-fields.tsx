import type { AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { type ReactNode, useState } from "react";
import { type SpecField, specFields, typedSpecs, type WrittenSpecs, writeSpecs } from "../lib/spec-fields.ts";
import { type ControlProps, Field } from "./field.tsx";

/** Fields for what one unit is; which there are depends on the kind. */
export function SpecsFields({
  kind,
  start,
  onChange,
}: {
  kind: AssetKind;
  /** JSON text of the specs that it begins with. */
  start: string;
  onChange: (specs: WrittenSpecs) => void;
}): ReactNode {
  const [typed, setTyped] = useState(() => typedSpecs(kind, start));
  const change = (key: string, value: string): void => {
    const next = { ...typed, [key]: value };
    setTyped(next);
    onChange(writeSpecs(kind, next));
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 font-semibold">What one unit is</legend>
      <div className="grid gap-4 sm:grid-cols-3">
        {specFields(kind).map((field) => (
          <Field key={field.key} label={field.label} hint={field.isRequired ? undefined : "may be empty"}>
            {(props) => <Control {...{ field, props }} value={typed[field.key] ?? ""} onChange={change} />}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

function Control({
  field: { key, type, options },
  props,
  value,
  onChange,
}: {
  field: SpecField;
  props: ControlProps;
  value: string;
  onChange: (key: string, value: string) => void;
}): ReactNode {
  if (options.length > 0) {
    return (
      <select {...props} className="field" value={value} onChange={(event) => onChange(key, event.target.value)}>
        <option value="">not said</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...props}
      className="field"
      inputMode={type === "number" ? "numeric" : "text"}
      autoComplete="off"
      maxLength={255}
      value={value}
      onChange={(event) => onChange(key, event.target.value)}
    />
  );
}
