import { type ReactNode, useState } from "react";
import { admitSubAuthorityPlan } from "../flows/admit-sub-authority.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { draftReading } from "../lib/action-draft.ts";
import { ADMISSION_FIELDS } from "../lib/authority-templates.ts";
import type { AuthorityView } from "../lib/certificate-view.ts";
import { subAuthorityDraft, subAuthorityTermsOf } from "../lib/sub-authority.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { FormButtons } from "./form-buttons.tsx";

/** Asks for the terms of an authority below another. */
export function SubAuthorityForm({
  authority,
  onPlan,
  onCancel,
}: {
  authority: AuthorityView;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const { seconds = 0 } = useChainTime();
  const now = Math.floor(seconds);
  const [fields, setFields] = useState(() => subAuthorityDraft(authority, now));
  const { value: terms, problem } = draftReading(() => subAuthorityTermsOf(fields, authority, now));
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (terms) onPlan(admitSubAuthorityPlan(registry, authority.authorityId, terms));
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {ADMISSION_FIELDS.map(({ name, label, hint, placeholder, isLong = false }) => {
          const value = fields[name] ?? "";
          const isWrong = problem?.field === name && value.trim() !== "";
          const common = { className: "field", value, autoComplete: "off", spellCheck: false, placeholder };
          const change = (text: string): void => setFields({ ...fields, [name]: text });
          return (
            <div key={name} className={isLong ? "sm:col-span-full" : ""}>
              <Field {...{ label, hint }} problem={isWrong ? problem.message : undefined}>
                {(props) =>
                  isLong ? (
                    <textarea {...props} {...common} rows={3} onChange={(event) => change(event.target.value)} />
                  ) : (
                    <input {...props} {...common} onChange={(event) => change(event.target.value)} />
                  )
                }
              </Field>
            </div>
          );
        })}
      </div>
      <FormButtons preview="Preview admission" isDisabled={terms === undefined} onCancel={onCancel} />
    </form>
  );
}
