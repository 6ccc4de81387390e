import { type ReactNode, useState } from "react";
import { setDelegatePlan } from "../flows/staff-authority.ts";
import { useDelegates } from "../hooks/use-authority-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { readSigner } from "../lib/authority-delegates.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AddressField } from "./address-field.tsx";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Who acts for an authority by signature; its account names and dismisses them. */
export function DelegatesPanel({
  authorityId,
  onPlan,
}: {
  authorityId: number;
  /** Set for the authority's account. */
  onPlan: ((plan: TransactionPlan) => void) | undefined;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const query = useDelegates(authorityId);
  return (
    <Panel title="Delegates" hint="They revoke, hold and release certificates by signatures that anybody can send">
      <QueryView query={query}>
        {(signers) => (
          <div className="grid gap-4">
            {signers.length === 0 && <p className="text-muted">It has none.</p>}
            <ul className="grid gap-2">
              {signers.map((signer) => (
                <li key={signer} className="flex flex-wrap items-center justify-between gap-3" data-delegate={signer}>
                  <Copyable value={signer} label="delegate" lead={10} tail={8} />
                  {onPlan && (
                    <button
                      type="button"
                      className="button button-small"
                      onClick={() => onPlan(setDelegatePlan({ registry, authorityId, signer, allowed: false }))}
                    >
                      Dismiss
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {onPlan && <DelegateNameForm {...{ authorityId, onPlan }} />}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function DelegateNameForm({
  authorityId,
  onPlan,
}: {
  authorityId: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const [text, setText] = useState("");
  const reading = readSigner(text);
  const problem = "problem" in reading && text.trim() !== "" ? reading.problem : undefined;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if ("signer" in reading)
          onPlan(setDelegatePlan({ registry, authorityId, signer: reading.signer, allowed: true }));
      }}
    >
      <AddressField label="Name a delegate" value={text} onChange={setText} {...{ problem }}>
        An address, or an ERC-7913 verifier and its key.
      </AddressField>
      <div>
        <button type="submit" className="button" disabled={!("signer" in reading)}>
          Preview delegate
        </button>
      </div>
    </form>
  );
}
