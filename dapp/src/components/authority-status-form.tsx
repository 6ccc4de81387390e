import { type ReactNode, useState } from "react";
import { revokeAuthorityPlan, setAuthorityHoldPlan } from "../flows/change-authority.ts";
import { useAuthorityEffects } from "../hooks/use-authority-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { AuthorityView } from "../lib/certificate-view.ts";
import { AUTHORITY_REASONS } from "../lib/certificate-words.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { EffectsNotice } from "./effects-notice.tsx";
import { FormButtons } from "./form-buttons.tsx";
import { QueryView } from "./query-view.tsx";
import { ReasonField } from "./reason-field.tsx";

/** Holds or revokes an authority, and says first what that breaks. */
export function AuthorityStatusForm({
  authority: { authorityId },
  act,
  onPlan,
  onCancel,
}: {
  authority: AuthorityView;
  act: "hold" | "revoke";
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const [reason, setReason] = useState(0);
  const query = useAuthorityEffects(authorityId, { kind: act });
  const planOf = (effects: readonly string[]): TransactionPlan => {
    const change = { registry, authorityId, effects };
    return act === "hold"
      ? setAuthorityHoldPlan({ ...change, held: true })
      : revokeAuthorityPlan({ ...change, reason });
  };
  return (
    <QueryView query={query}>
      {(effects) => (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onPlan(planOf(effects));
          }}
        >
          {act === "revoke" && <ReasonField reasons={AUTHORITY_REASONS} {...{ reason }} onChange={setReason} />}
          <EffectsNotice {...{ effects }} />
          <FormButtons preview={act === "hold" ? "Preview hold" : "Preview revocation"} onCancel={onCancel} />
        </form>
      )}
    </QueryView>
  );
}
