import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { delegateUnitsPlan } from "../flows/delegate-units.ts";
import { useIsCertified } from "../hooks/use-governance-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatVotingUnits } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import type { VoteWeight } from "../lib/vote-weight.ts";
import { AddressField, addressProblem, readAddress } from "./address-field.tsx";
import { Copyable } from "./copyable.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { VotesForm } from "./votes-form.tsx";

interface DelegationProps {
  wallet: Address;
  weight: VoteWeight;
  onPlan: (plan: TransactionPlan) => void;
}

/** Who votes with a wallet's units, and who with its MESH. */
export function VoteDelegationPanel({ wallet, weight, onPlan }: DelegationProps): ReactNode {
  const { config } = useNetwork();
  const { tokenDelegate, balance } = weight;
  return (
    <Panel title="Who votes for you" hint="Both houses have a delegate of their own. Delegating moves no MESH.">
      <div className="grid gap-6 md:grid-cols-2">
        <section aria-label="Delegate of units" className="grid content-start gap-3">
          <h3 className="eyebrow">Identity house</h3>
          <UnitsDelegation {...{ wallet, weight, onPlan }} />
        </section>
        <section aria-label="Delegate of MESH" className="grid content-start gap-3">
          <h3 className="eyebrow">Token house</h3>
          {tokenDelegate === undefined && balance > 0n ? (
            <Notice tone="warn">Your MESH is delegated to nobody: it does not vote. Name yourself or another.</Notice>
          ) : (
            <p data-testid="token-delegate">
              Your MESH votes through <DelegateName wallet={wallet} delegate={tokenDelegate} />.
            </p>
          )}
          <VotesForm
            key={tokenDelegate}
            votes={{ token: config.contracts.MeshToken, wallet, amount: balance }}
            current={tokenDelegate}
            onPlan={onPlan}
          />
        </section>
      </div>
    </Panel>
  );
}

function UnitsDelegation({ wallet, weight, onPlan }: DelegationProps): ReactNode {
  const { config } = useNetwork();
  const { delegate, ownUnits } = weight;
  const [text, setText] = useState("");
  const delegatee = readAddress(text);
  const isCertified = useIsCertified(delegatee).data;
  const isCurrentCertified = useIsCertified(delegate).data;
  const isSelf = delegate.toLowerCase() === wallet.toLowerCase();
  const isSame = delegatee?.toLowerCase() === delegate.toLowerCase();
  const problem =
    addressProblem(text) ??
    (isSame ? "It votes with your units already." : undefined) ??
    (delegatee && isCertified === false
      ? "This account has no certified identity: it is neither operator nor voter."
      : undefined);
  const plan = (to: Address): void => {
    onPlan(delegateUnitsPlan({ votes: config.contracts.QuadraticVotes, wallet, delegatee: to, units: ownUnits }));
  };
  return (
    <>
      <p data-testid="units-delegate">
        Your {formatVotingUnits(ownUnits)} units vote through <DelegateName wallet={wallet} delegate={delegate} />.
      </p>
      {!isSelf && isCurrentCertified === false && (
        <Notice tone="warn">
          That account has lost its identity: nobody votes with your units until you choose another.
        </Notice>
      )}
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (delegatee && !problem && isCertified) plan(delegatee);
        }}
      >
        <AddressField label="Delegate units to" value={text} onChange={setText} problem={problem}>
          An operator&rsquo;s owner or a voter whom you trust.
        </AddressField>
        <div className="flex flex-wrap gap-2">
          <button type="submit" className="button" disabled={!delegatee || problem !== undefined || !isCertified}>
            Preview delegation of units
          </button>
          {!isSelf && (
            <button type="button" className="button button-primary" onClick={() => plan(wallet)}>
              Take the units back
            </button>
          )}
        </div>
      </form>
    </>
  );
}

function DelegateName({ wallet, delegate }: { wallet: Address; delegate: Address | undefined }): ReactNode {
  if (delegate === undefined) return <strong>nobody</strong>;
  if (delegate.toLowerCase() === wallet.toLowerCase()) return <strong>yourself</strong>;
  return <Copyable value={delegate} label="address of the delegate" />;
}
