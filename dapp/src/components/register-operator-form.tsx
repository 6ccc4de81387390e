import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { registerOperatorPlan } from "../flows/register-operator.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { readRootKey } from "../lib/root-key.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AddressField, addressProblem } from "./address-field.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";

/** Asks for what makes a wallet an operator. */
export function RegisterOperatorForm({
  wallet,
  onPlan,
}: {
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const [rootKey, setRootKey] = useState("");
  const [hot, setHot] = useState("");
  const [payout, setPayout] = useState("");
  const [tried, setTried] = useState(false);
  const reading = readRootKey(rootKey);
  const problem = "problem" in reading ? reading.problem : undefined;
  const hotProblem = addressProblem(hot);
  const payoutProblem = addressProblem(payout);
  const submit = (): void => {
    setTried(true);
    if ("problem" in reading || hotProblem || payoutProblem) return;
    const { NodeRegistry: registry } = config.contracts;
    onPlan(
      registerOperatorPlan({
        ...{ registry, wallet, rootKey: reading.rootKey },
        ...(hot && { operatorWallet: hot.trim() as Address }),
        ...(payout && { beneficiary: payout.trim() as Address }),
      }),
    );
  };
  return (
    <Panel title="1 · Become an operator" hint="Your wallet gets an identity (PQC-DID) that owns nodes and stake.">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Root key"
          problem={tried || rootKey.length >= 64 ? problem : undefined}
          hint={
            <>
              The public half of an SLH-DSA-SHA2-128s key, 64 hex digits. Make it on an offline machine:{" "}
              <code className="bg-well rounded px-1 break-words">
                pqmesh key create --purpose root --out root.json --public-out root.pub
              </code>
              . It orders what a stolen wallet must not; this page never sees its secret half.
            </>
          }
        >
          {(props) => (
            <input
              {...props}
              className="field font-mono"
              autoComplete="off"
              spellCheck={false}
              placeholder="64 hex digits"
              value={rootKey}
              onChange={(event) => setRootKey(event.target.value)}
            />
          )}
        </Field>
        <details>
          <summary className="text-muted text-sm">Other wallets for daily work or payouts (optional)</summary>
          <div className="mt-3 grid gap-4">
            <AddressField label="Hot wallet" value={hot} onChange={setHot} problem={hotProblem}>
              May register, stake and unbond for you. You can change it at once. Empty: your own wallet.
            </AddressField>
            <AddressField label="Payout address" value={payout} onChange={setPayout} problem={payoutProblem}>
              Stake that leaves is paid here. Changes are delayed. Empty: your own wallet.
            </AddressField>
          </div>
        </details>
        <div>
          <button type="submit" className="button button-primary">
            Preview registration
          </button>
        </div>
      </form>
    </Panel>
  );
}
