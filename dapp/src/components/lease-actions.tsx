import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { acceptLeasePlan, declineLeasePlan } from "../flows/answer-lease.ts";
import { cancelLeasePlan, giveNoticePlan } from "../flows/end-lease.ts";
import { extendPlan, topUpPlan } from "../flows/pay-lease.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useTokenSpendable } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount, formatDuration } from "../lib/format.ts";
import { runwayOf } from "../lib/lease-runway.ts";
import { type LeaseView, topUpLimit } from "../lib/lease-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { NumberField } from "./number-field.tsx";
import { Panel } from "./panel.tsx";

interface ActionProps {
  lease: LeaseView;
  onPlan: (plan: TransactionPlan) => void;
}

/** What the connected wallet can do with a lease. */
export function LeaseActions({
  lease,
  isClient,
  isProvider,
  onPlan,
}: ActionProps & { isClient: boolean; isProvider: boolean }): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime(2_000);
  const escrow = config.contracts.LeaseEscrow;
  const { status, terms, record } = lease;
  if (!address || (status !== "Pending" && status !== "Active")) return null;
  const { phase } = runwayOf(lease, config.epoch, seconds);
  if (status === "Pending") {
    if (!isClient && !isProvider) return null;
    return (
      <Panel title="Before it begins">
        <div className="flex flex-wrap gap-2">
          {isClient && (
            <button type="button" className="button" onClick={() => onPlan(cancelLeasePlan(escrow, lease))}>
              Cancel and take the deposit back
            </button>
          )}
          {isProvider && (
            <>
              <button type="button" className="button" onClick={() => onPlan(acceptLeasePlan(escrow, lease))}>
                Accept
              </button>
              <button type="button" className="button" onClick={() => onPlan(declineLeasePlan(escrow, lease))}>
                Decline
              </button>
            </>
          )}
        </div>
        {isProvider && (
          <p className="text-muted mt-2 text-sm">The node&rsquo;s agent does this by itself when it serves leases.</p>
        )}
      </Panel>
    );
  }
  const words = formatDuration(terms.noticeEpochs * config.epoch.lengthSeconds);
  return (
    <Panel title="Pay, extend, end">
      <div className="grid gap-5">
        {(phase === "running" || phase === "grace") && <TopUpForm {...{ lease, onPlan }} wallet={address} />}
        {isClient && record.noticeEnd === 0 && phase !== "over" && <ExtendForm {...{ lease, onPlan }} />}
        {(isClient || isProvider) && record.noticeEnd === 0 && (
          <div className="grid gap-2">
            <button
              type="button"
              className="button"
              onClick={() => onPlan(giveNoticePlan(escrow, lease, { isProvider: !isClient, words }))}
            >
              Give notice
            </button>
            <p className="text-muted text-sm">
              Ends it {terms.noticeEpochs === 0 ? "with the next epoch" : `${words} from now`}.
            </p>
          </div>
        )}
      </div>
    </Panel>
  );
}

function TopUpForm({ lease, wallet, onPlan }: ActionProps & { wallet: Address }): ReactNode {
  const { client, config } = useNetwork();
  const { unit, rate } = lease;
  const spender = config.contracts.LeaseEscrow;
  const spendable = useTokenSpendable(wallet, { spender, token: unit.address }).data;
  const most = Number(topUpLimit(lease) / rate);
  const [typed, setTyped] = useState(String(most));
  const epochs = Number(typed);
  const amount = BigInt(epochs) * rate;
  const time = (count: number): string => formatDuration(count * config.epoch.lengthSeconds);
  if (most < 1) {
    const words =
      lease.record.noticeEnd > 0
        ? "All is paid up to the end of the notice."
        : "The whole term is paid. Extend it to pay more.";
    return <p className="text-muted text-sm">{words}</p>;
  }
  const problem =
    epochs < 1 || epochs > most
      ? `1 to ${formatCount(most)} epochs can be paid in.`
      : spendable && spendable.balance < amount
        ? `This wallet holds ${formatToken(spendable.balance, unit)}.`
        : undefined;
  const submit = (): void => {
    if (problem || !spendable) return;
    const { allowance } = spendable;
    onPlan(
      topUpPlan({ client, token: unit.address, spender, wallet, amount, allowance, method: "permit", lease, time }),
    );
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <NumberField
        label="Top up, epochs"
        value={typed}
        problem={typed === "" ? undefined : problem}
        hint={`${formatToken(amount, unit, unit.decimals)} for ${time(epochs)}`}
        onChange={setTyped}
      />
      <button type="submit" className="button button-primary" disabled={problem !== undefined || !spendable}>
        Preview top-up
      </button>
    </form>
  );
}

function ExtendForm({ lease, onPlan }: ActionProps): ReactNode {
  const { config } = useNetwork();
  const most = lease.terms.maxEpochs - (lease.end - lease.start);
  const [typed, setTyped] = useState("");
  const epochs = Number(typed);
  const words = formatDuration(epochs * config.epoch.lengthSeconds);
  if (most < 1) return <p className="text-muted text-sm">The term is the longest that the listing allows.</p>;
  const problem = epochs < 1 || epochs > most ? `1 to ${formatCount(most)} epochs are possible.` : undefined;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onPlan(extendPlan(config.contracts.LeaseEscrow, lease, epochs, words));
      }}
    >
      <NumberField
        label="Extend, epochs"
        value={typed}
        problem={typed === "" ? undefined : problem}
        hint={typed === "" ? `at most ${formatCount(most)}` : words}
        onChange={setTyped}
      />
      <button type="submit" className="button" disabled={problem !== undefined}>
        Preview extension
      </button>
    </form>
  );
}
