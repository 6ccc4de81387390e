import type { ReactNode } from "react";
import { Field } from "./field.tsx";

/** A field for a country code. */
export function CountryField({
  country,
  onChange,
}: {
  country: string;
  onChange: (country: string) => void;
}): ReactNode {
  return (
    <Field label="Country" hint="Two letters, as in DE; may be empty" problem={countryProblem(country)}>
      {(props) => (
        <input
          {...props}
          className="field sm:max-w-40"
          autoComplete="off"
          maxLength={2}
          value={country}
          onChange={(event) => onChange(event.target.value.replace(/[^a-z]/gi, "").toUpperCase())}
        />
      )}
    </Field>
  );
}

/** Why a text is no country code; undefined when it is one or empty. */
export function countryProblem(country: string): string | undefined {
  return country === "" || /^[A-Z]{2}$/.test(country) ? undefined : "Country must be two letters, as in DE.";
}
