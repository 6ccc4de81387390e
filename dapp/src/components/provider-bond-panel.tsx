import { useQuery } from "@tanstack/react-query";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { depositBondPlan, withdrawBondPlan } from "../flows/provider-bond.ts";
import { useTokenSpendable } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { formatToken, readTokenAmount, type TokenUnit } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Fact } from "./fact.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";

interface BondProps {
  wallet: Address;
  operator: OperatorAccount;
  onPlan: (plan: TransactionPlan) => void;
}

/** The money with which an operator answers for breaches, token by token. */
export function ProviderBondPanel({ units, ...props }: BondProps & { units: readonly TokenUnit[] }): ReactNode {
  return (
    <Panel
      title="Provider's bond"
      hint="Accepting a lease locks a part of it; a breach gives that part to the client. What is free can be withdrawn."
    >
      <div className="grid gap-6">
        {units.map((unit) => (
          <TokenBond key={unit.address} {...props} unit={unit} />
        ))}
      </div>
    </Panel>
  );
}

function TokenBond({ wallet, operator, unit, onPlan }: BondProps & { unit: TokenUnit }): ReactNode {
  const { client, config } = useNetwork();
  const { identityId, beneficiary } = operator;
  const escrow = config.contracts.LeaseEscrow;
  const spendable = useTokenSpendable(wallet, { spender: escrow, token: unit.address }).data;
  const bond = useQuery({
    queryKey: ["wallet", "provider-bond", identityId, unit.address],
    queryFn: () =>
      client.readContract({
        ...{ address: escrow, abi: leaseEscrowAbi, functionName: "bondOf", args: [identityId, unit.address] },
      }),
    refetchInterval: 8_000,
  }).data;
  const [typed, setTyped] = useState("");
  const reading = readTokenAmount(typed, unit);
  const amount = "amount" in reading && reading.amount > 0n ? reading.amount : undefined;
  if (!spendable || !bond) return <div className="skeleton h-24" />;
  const canDeposit = amount !== undefined && amount <= spendable.balance;
  const canWithdraw = amount !== undefined && amount <= bond.free;
  return (
    <div className="grid gap-3" data-bond={unit.symbol}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        <Fact name="Free">
          <span data-testid="bond-free">{formatToken(bond.free, unit)}</span>
        </Fact>
        <Fact name="Locked for leases">{formatToken(bond.locked, unit)}</Fact>
        <Fact name="In your wallet">{formatToken(spendable.balance, unit)}</Fact>
      </dl>
      <Field
        label={`Amount, ${unit.symbol}`}
        problem={typed !== "" && "problem" in reading ? reading.problem : undefined}
        hint="To deposit or to withdraw"
      >
        {(props) => (
          <input
            {...props}
            className="field sm:max-w-72"
            inputMode="decimal"
            autoComplete="off"
            placeholder="0"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button button-primary"
          disabled={!canDeposit}
          onClick={() => {
            if (!canDeposit) return;
            const { allowance } = spendable;
            const spending = { client, token: unit.address, spender: escrow, wallet, amount, allowance, unit };
            onPlan(depositBondPlan({ ...spending, method: "permit", identityId }));
          }}
        >
          Deposit
        </button>
        <button
          type="button"
          className="button"
          disabled={!canWithdraw}
          onClick={() => {
            if (canWithdraw) onPlan(withdrawBondPlan(escrow, { identityId, unit, amount, beneficiary }));
          }}
        >
          Withdraw
        </button>
      </div>
    </div>
  );
}
