import { type ReactNode, useState } from "react";
import { type Address, type Hex, sha256, toBytes } from "viem";
import { useConnection } from "wagmi";
import {
  expirePlan,
  offerSharePlan,
  openDisputePlan,
  rulePlan,
  takeSharePlan,
  withdrawDisputePlan,
} from "../flows/dispute-lease.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useDisputeTerms, useOpenDispute } from "../hooks/use-lease-queries.ts";
import { useTokenSpendable } from "../hooks/use-market-queries.ts";
import { useParameters } from "../hooks/use-network-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatDuration, formatRelative, formatTime } from "../lib/format.ts";
import { disputeActions, type OpenDispute } from "../lib/lease-dispute.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { parameterValue } from "../lib/network-parameters.ts";
import { readBp } from "../lib/proposal-draft.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";

interface Roles {
  isClient: boolean;
  isProvider: boolean;
}

/** The dispute of a lease: opening it, offers, agreement, decision. */
export function LeaseDisputePanel({
  lease,
  isClient,
  isProvider,
  onPlan,
}: Roles & { lease: LeaseView; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { address } = useConnection();
  const dispute = useOpenDispute(lease.id).data;
  if (dispute) {
    return (
      <Panel title="Dispute">
        <RunningDispute {...{ lease, dispute, isClient, isProvider, onPlan }} />
      </Panel>
    );
  }
  if (!isClient || !address || lease.status !== "Active" || dispute === undefined) return null;
  return (
    <Panel
      title="Dispute"
      hint="For what attestations do not show: other hardware than promised, a workload that was never reachable"
    >
      <OpenForm {...{ lease, onPlan }} wallet={address} />
    </Panel>
  );
}

function RunningDispute({
  lease,
  dispute,
  isClient,
  isProvider,
  onPlan,
}: Roles & { lease: LeaseView; dispute: OpenDispute; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const arbitrator = useDisputeTerms(lease.id).data?.arbitrator;
  const isArbitrator = address !== undefined && arbitrator?.toLowerCase() === address.toLowerCase();
  const { deadline, offer, bond } = dispute;
  const actions = disputeActions(dispute, { isClient, isProvider, isArbitrator }, seconds);
  const step = { disputes: config.contracts.LeaseDisputes, leaseId: lease.id };
  return (
    <div className="grid gap-3">
      <p data-testid="dispute">
        Open, with a bond of {formatToken(bond, lease.unit)}. It can be decided until {formatTime(deadline)} (
        {formatRelative(deadline, seconds)}). Settlement is held until then; silence means that the objective settlement
        stands and the bond goes to the provider.
      </p>
      {offer && (
        <Notice>
          The {offer.isByClient ? "client" : "provider"} offers that {formatBp(offer.shareBp, 2)} of what the provider
          earned before the dispute goes to the client.
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        {actions.includes("accept") && offer && (
          <button
            type="button"
            className="button button-primary"
            onClick={() => onPlan(takeSharePlan(step, offer.shareBp))}
          >
            Agree to {formatBp(offer.shareBp, 2)}
          </button>
        )}
        {actions.includes("withdraw") && (
          <button type="button" className="button" onClick={() => onPlan(withdrawDisputePlan(step))}>
            Give up
          </button>
        )}
        {actions.includes("expire") && (
          <button type="button" className="button button-primary" onClick={() => onPlan(expirePlan(step))}>
            End it: nobody decided
          </button>
        )}
      </div>
      {actions.includes("offer") && (
        <ShareForm
          label="Offer a share for the client, %"
          button="Preview offer"
          onShare={(bp) => onPlan(offerSharePlan(step, bp))}
        />
      )}
      {actions.includes("rule") && (
        <ShareForm
          label="Decide a share for the client, %"
          button="Preview decision"
          onShare={(bp) => onPlan(rulePlan(step, bp))}
        />
      )}
    </div>
  );
}

function ShareForm({
  label,
  button,
  onShare,
}: {
  label: string;
  button: string;
  onShare: (shareBp: number) => void;
}): ReactNode {
  const [typed, setTyped] = useState("");
  const share = readBp(typed);
  const isValid = share !== undefined && share <= 10_000;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onShare(share);
      }}
    >
      <Field
        label={label}
        hint="Of what the provider earned before the dispute; 0 to 100"
        problem={typed === "" || isValid ? undefined : "Enter 0 to 100, with at most two decimals."}
      >
        {(props) => (
          <input
            {...props}
            className="field"
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <div>
        <button type="submit" className="button" disabled={!isValid}>
          {button}
        </button>
      </div>
    </form>
  );
}

function OpenForm({
  lease,
  wallet,
  onPlan,
}: {
  lease: LeaseView;
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { client, config } = useNetwork();
  const { unit, id, record, settledUntil } = lease;
  const spender = config.contracts.LeaseDisputes;
  const bond = useDisputeTerms(id).data?.bond;
  const spendable = useTokenSpendable(wallet, { spender, token: unit.address }).data;
  const parameters = useParameters().data;
  const [text, setText] = useState("");
  if (bond === undefined || !spendable || !parameters) return null;
  const period = Number(parameterValue(parameters, "leaseDisputePeriod"));
  const isUnsettled = settledUntil < record.disputedUntil;
  const isShort = spendable.balance < bond;
  const submit = (): void => {
    const evidence: Hex = sha256(toBytes(text));
    onPlan(
      openDisputePlan({
        ...{ client, token: unit.address, spender, wallet, amount: bond, allowance: spendable.allowance },
        ...{ method: "permit", lease, evidence, period },
      }),
    );
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Evidence"
        hint="Text, or a link to what you show the arbitrator; only its SHA-256 goes on chain. Keep the exact text."
      >
        {(props) => (
          <textarea
            {...props}
            rows={3}
            className="field"
            value={text}
            onChange={(event) => setText(event.target.value.slice(0, 10_000))}
          />
        )}
      </Field>
      <p className="text-muted text-sm">
        The bond is {formatToken(bond, unit)}; the dispute can be decided for {formatDuration(period)}.
        {isShort && <span className="text-bad"> This wallet holds {formatToken(spendable.balance, unit)}.</span>}
        {isUnsettled && " The last dispute is not settled yet: settle the lease first."}
      </p>
      <div>
        <button type="submit" className="button" disabled={text.trim() === "" || isShort || isUnsettled}>
          Preview dispute
        </button>
      </div>
    </form>
  );
}
