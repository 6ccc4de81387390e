import { type ReactNode, useState } from "react";
import { taintAuthorityPlan } from "../flows/change-authority.ts";
import { useAuthorityEffects } from "../hooks/use-authority-queries.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { draftReading } from "../lib/action-draft.ts";
import type { AuthorityView } from "../lib/certificate-view.ts";
import { readTaint, type TaintDates } from "../lib/taint-draft.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { EffectsNotice } from "./effects-notice.tsx";
import { Field } from "./field.tsx";
import { FormButtons } from "./form-buttons.tsx";
import { QueryView } from "./query-view.tsx";

const FIELDS = [
  ["ago", "Since how long", "What it issued since then is not good at once."],
  ["rest", "Time to replace the rest", "After it the authority is revoked, with everything below it."],
] as const;

/** Asks since when an authority's key may be in other hands, and says what a taint breaks. */
export function TaintAuthorityForm({
  authority,
  onPlan,
  onCancel,
}: {
  authority: AuthorityView;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const { seconds = 0 } = useChainTime();
  const [fields, setFields] = useState<Readonly<Record<string, string>>>({ ago: "1 d", rest: "14 d" });
  const [now, setNow] = useState(Math.floor(seconds));
  const reading = draftReading(() => readTaint(fields, authority, now));
  return (
    <div className="grid gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        {FIELDS.map(([name, label, hint]) => (
          <Field
            key={name}
            {...{ label, hint }}
            problem={reading.problem?.field === name ? reading.problem.message : undefined}
          >
            {(props) => (
              <input
                {...props}
                className="field"
                autoComplete="off"
                value={fields[name] ?? ""}
                onChange={(event) => {
                  setNow(Math.floor(seconds));
                  setFields({ ...fields, [name]: event.target.value });
                }}
              />
            )}
          </Field>
        ))}
      </div>
      {reading.value && <Effects {...{ onPlan, onCancel }} authorityId={authority.authorityId} dates={reading.value} />}
    </div>
  );
}

function Effects({
  authorityId,
  dates: { from, rotateBy },
  onPlan,
  onCancel,
}: {
  authorityId: number;
  dates: TaintDates;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const query = useAuthorityEffects(authorityId, { kind: "taint", from, rotateBy });
  return (
    <QueryView query={query}>
      {(effects) => (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onPlan(taintAuthorityPlan({ registry, authorityId, effects, taintedFrom: from, rotateBy }));
          }}
        >
          <EffectsNotice {...{ effects }} />
          <FormButtons preview="Preview taint" onCancel={onCancel} />
        </form>
      )}
    </QueryView>
  );
}
