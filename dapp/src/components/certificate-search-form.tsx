import { type ReactNode, useState } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { type CertificateSearch, readSearch } from "../lib/certificate-search.ts";
import { Field } from "./field.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";

/** Where a serial number, a DID or a PEM certificate is entered. */
export function CertificateSearchForm({ onSearch }: { onSearch: (search: CertificateSearch) => void }): ReactNode {
  const { config } = useNetwork();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const look = (typed: string): void => {
    setText(typed);
    const reading = readSearch(typed, config);
    setProblem("problem" in reading ? reading.problem : undefined);
    if ("search" in reading) onSearch(reading.search);
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        look(text);
      }}
    >
      <Field
        label="Serial number, DID or certificate"
        hint="A serial number in decimal or hex, did:pqmesh:…, or a whole PEM certificate. It does not leave this browser."
        problem={problem}
      >
        {(props) => (
          <textarea
            {...props}
            className="field font-mono text-sm"
            rows={text.includes("\n") ? 6 : 2}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button button-primary">
          Look up
        </button>
        <SignatureFileField
          testId="certificate-file"
          label="Choose a PEM file"
          accept=".pem,.crt,.cer"
          onFile={(file) => ("text" in file ? look(file.text) : setProblem(file.problem))}
        />
      </div>
    </form>
  );
}
