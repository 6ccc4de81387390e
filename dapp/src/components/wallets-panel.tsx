import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import {
  acceptBeneficiaryPlan,
  cancelChangesPlan,
  proposeBeneficiaryPlan,
  proposeOwnerPlan,
  setHotWalletPlan,
} from "../flows/change-wallets.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { usePendingWallets } from "../hooks/use-operator.ts";
import { formatDuration, formatRelative, formatTime } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { isOwner, type OperatorAccount } from "../lib/operator-view.ts";
import type { PendingAddress, PendingWallets } from "../lib/pending-wallets.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AddressField, addressProblem, readAddress } from "./address-field.tsx";
import { Copyable } from "./copyable.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** The wallets that act for an operator, and how each is changed. */
export function WalletsPanel({
  operator,
  wallet,
  table,
  isLocked,
  onPlan,
}: {
  operator: OperatorAccount;
  wallet: Address;
  table: NetworkParameterTable;
  isLocked: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const pending = usePendingWallets(operator.identityId);
  const ground = { registry: config.contracts.NodeRegistry, identityId: operator.identityId };
  const delays = {
    owner: Number(parameterValue(table, "ownerChangeDelay")),
    beneficiary: Number(parameterValue(table, "beneficiaryChangeDelay")),
  };
  const canPropose = isOwner(operator, wallet) && !isLocked;
  return (
    <Panel
      title="Wallets"
      hint="Who acts for this operator and who is paid. What a thief could misuse is delayed, so that you see and cancel it."
    >
      <div className="grid gap-4">
        <QueryView query={pending} height="3rem">
          {(changes) => <PendingChanges {...{ changes, operator, wallet, ground, isLocked, onPlan }} />}
        </QueryView>
        {!isOwner(operator, wallet) && <Notice>Only the owner wallet can change these.</Notice>}
        {isLocked && (
          <Notice>While the operator is locked, owner and payout address change by orders of the root key.</Notice>
        )}
        <WalletRow
          name="Owner"
          current={operator.owner}
          hint={`The cold wallet. A new one accepts by itself, after ${formatDuration(delays.owner)}.`}
          {...(canPropose && { onSubmit: (to: Address) => onPlan(proposeOwnerPlan(ground, to, delays.owner)) })}
        />
        <WalletRow
          name="Hot wallet"
          current={operator.operatorWallet}
          hint="For daily work: it stakes, unbonds and claims, and never decides where tokens go. Changes at once."
          {...(isOwner(operator, wallet) && { onSubmit: (to: Address) => onPlan(setHotWalletPlan(ground, to)) })}
        />
        <WalletRow
          name="Payout address"
          current={operator.beneficiary}
          hint={`Stake and rewards are paid here. A new one can be put in force after ${formatDuration(delays.beneficiary)}.`}
          {...(canPropose && {
            onSubmit: (to: Address) => onPlan(proposeBeneficiaryPlan(ground, to, delays.beneficiary)),
          })}
        />
      </div>
    </Panel>
  );
}

function WalletRow({
  name,
  current,
  hint,
  onSubmit,
}: {
  name: string;
  current: Address;
  hint: string;
  /** Absent when this wallet cannot change it now. */
  onSubmit?: (to: Address) => void;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const to = readAddress(text);
  const isSame = to?.toLowerCase() === current.toLowerCase();
  return (
    <div className="border-line border-t pt-3 first:border-t-0 first:pt-0" data-wallet={name}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0">
          <span className="font-medium">{name}</span> <Copyable value={current} label={`address: ${name}`} />
          <span className="text-muted block text-sm">{hint}</span>
        </p>
        {onSubmit && (
          <button
            type="button"
            className="button button-small"
            aria-expanded={isOpen}
            aria-label={`Change: ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            Change
          </button>
        )}
      </div>
      {isOpen && onSubmit && (
        <form
          className="bg-well mt-2 grid gap-3 rounded-lg p-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (to && !isSame) onSubmit(to);
          }}
        >
          <AddressField
            label={`New address: ${name}`}
            value={text}
            onChange={setText}
            problem={isSame ? "This is the address already." : addressProblem(text)}
          >
            Compare it with its source: a wrong address costs what is sent to it.
          </AddressField>
          <div>
            <button type="submit" className="button" disabled={!to || isSame}>
              Preview change
            </button>
          </div>
        </form>
      )}
    </div>
  );
}

function PendingChanges({
  changes,
  operator,
  wallet,
  ground,
  isLocked,
  onPlan,
}: {
  changes: PendingWallets;
  operator: OperatorAccount;
  wallet: Address;
  ground: Parameters<typeof cancelChangesPlan>[0];
  isLocked: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { seconds } = useChainTime();
  const { owner, beneficiary } = changes;
  if (!owner && !beneficiary) return null;
  const isReady = beneficiary !== undefined && seconds !== undefined && beneficiary.readyAt <= seconds;
  return (
    <Notice
      tone="warn"
      action={
        <span className="flex flex-wrap gap-2">
          {isReady && (
            <button
              type="button"
              className="button button-small button-primary"
              onClick={() => onPlan(acceptBeneficiaryPlan(ground, beneficiary.next))}
            >
              Complete the payout address
            </button>
          )}
          {isOwner(operator, wallet) && !isLocked && (
            <button
              type="button"
              className="button button-small"
              onClick={() => onPlan(cancelChangesPlan(ground, changes))}
            >
              Cancel changes
            </button>
          )}
        </span>
      }
    >
      {owner && <PendingLine what="Owner" change={owner} seconds={seconds} end="can accept" />}
      {beneficiary && (
        <PendingLine what="Payout address" change={beneficiary} seconds={seconds} end="can be completed" />
      )}
    </Notice>
  );
}

function PendingLine({
  what,
  change: { next, readyAt },
  seconds,
  end,
}: {
  what: string;
  change: PendingAddress;
  seconds: number | undefined;
  end: string;
}): ReactNode {
  const when =
    seconds === undefined || readyAt > seconds
      ? `from ${formatTime(readyAt)} on${seconds === undefined ? "" : ` (${formatRelative(readyAt, seconds)})`}`
      : "now";
  return (
    <p data-pending={what}>
      {what} to be: <Copyable value={next} label={`proposed address: ${what}`} /> {end} {when}.
    </p>
  );
}
