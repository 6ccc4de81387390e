import { type ReactNode, useState } from "react";
import { handOverAuthorityPlan } from "../flows/staff-authority.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { AuthorityView } from "../lib/certificate-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AddressField, addressProblem, readAddress } from "./address-field.tsx";
import { FormButtons } from "./form-buttons.tsx";

/** Asks which account an authority goes to. */
export function HandOverForm({
  authority: { authorityId },
  onPlan,
  onCancel,
}: {
  authority: AuthorityView;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const [text, setText] = useState("");
  const account = readAddress(text);
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (account) onPlan(handOverAuthorityPlan(registry, authorityId, account));
      }}
    >
      <AddressField label="New account" value={text} onChange={setText} problem={addressProblem(text)}>
        It issues and revokes from then on: a wallet, a multisignature or a post-quantum account.
      </AddressField>
      <FormButtons preview="Preview handover" isDisabled={!account} onCancel={onCancel} />
    </form>
  );
}
