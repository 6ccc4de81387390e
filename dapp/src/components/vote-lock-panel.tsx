import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { lockVotesPlan, requestVotesUnlockPlan, withdrawVotesPlan } from "../flows/lock-votes.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useVoteLock } from "../hooks/use-governance-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import { formatDuration, formatMesh, formatRelative, formatTime, formatVotingUnits } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { unitsWhenAged, type VoteWeight } from "../lib/vote-weight.ts";
import { AmountForm } from "./amount-form.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { SpendingForm } from "./spending-form.tsx";

interface LockProps {
  wallet: Address;
  weight: VoteWeight;
  parameters: NetworkParameterTable;
  onPlan: (plan: TransactionPlan) => void;
}

/** MESH that a wallet locks for votes: more of it, less of it, and what can be withdrawn. */
export function VoteLockPanel({ wallet, weight, parameters, onPlan }: LockProps): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime();
  const lock = useVoteLock(wallet);
  const delay = Number(parameterValue(parameters, "voteUnlockDelay"));
  const votes = config.contracts.QuadraticVotes;
  return (
    <Panel
      title="Locked MESH"
      hint="Locked MESH counts like stake. It leaves whatever happens, also when the identity is lost."
    >
      <QueryView query={lock} height="12rem">
        {({ amount, unlocking, maturesAt }) => (
          <div className="grid gap-5">
            <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
              <Fact name="Locked">
                <span className="text-xl font-semibold" data-testid="locked">
                  {formatMesh(amount)} MESH
                </span>
              </Fact>
              <Fact name="Unlocking">
                <span className="text-xl font-semibold" data-testid="unlocking">
                  {formatMesh(unlocking)} MESH
                </span>
                {unlocking > 0n && maturesAt > seconds && (
                  <span className="text-muted block text-sm">
                    until {formatTime(maturesAt)} ({formatRelative(maturesAt, seconds)})
                  </span>
                )}
              </Fact>
            </dl>
            {unlocking > 0n && maturesAt <= seconds && (
              <button
                type="button"
                className="button button-primary justify-self-start"
                onClick={() => onPlan(withdrawVotesPlan(votes, wallet, unlocking))}
              >
                Withdraw {formatMesh(unlocking)} MESH
              </button>
            )}
            <LockOrUnlock key={`${amount}`} {...{ wallet, weight, parameters, onPlan, amount, unlocking, delay }} />
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function LockOrUnlock({
  wallet,
  weight,
  parameters,
  onPlan,
  ...lock
}: LockProps & { amount: bigint; unlocking: bigint; delay: number }): ReactNode {
  const { config } = useNetwork();
  const [isUnlocking, setUnlocking] = useState(false);
  const votes = config.contracts.QuadraticVotes;
  const { amount: locked, unlocking, delay } = lock;
  const other = locked > 0n && (
    <button type="button" className="button button-small justify-self-start" onClick={() => setUnlocking(!isUnlocking)}>
      {isUnlocking ? "Lock more instead" : "Unlock instead"}
    </button>
  );
  if (!isUnlocking) {
    return (
      <>
        <LockForm {...{ wallet, weight, parameters, onPlan, locked, delay }} />
        {other}
      </>
    );
  }
  return (
    <>
      <AmountForm
        label="Unlock"
        button="Preview unlock"
        most={locked}
        mostLabel="All"
        problemOf={(wei) => (wei > locked ? `${formatMesh(locked)} MESH are locked.` : undefined)}
        hint={() => `It stops counting at once, and can be withdrawn ${formatDuration(delay)} later.`}
        onSubmit={(amount) =>
          onPlan(
            requestVotesUnlockPlan({ votes, wallet, amount, lockedBefore: locked, unlocking, voteUnlockDelay: delay }),
          )
        }
      />
      {other}
    </>
  );
}

function LockForm({
  wallet,
  weight,
  parameters,
  onPlan,
  locked,
  delay,
}: LockProps & { locked: bigint; delay: number }): ReactNode {
  const { client, config } = useNetwork();
  const { MeshToken: token, QuadraticVotes: spender } = config.contracts;
  const spendable = useSpendable(wallet, spender);
  const rules = {
    voteCap: parameterValue(parameters, "voteCap"),
    minNodeStake: parameterValue(parameters, "minNodeStake"),
  };
  const ramp = Number(parameterValue(parameters, "voteAgeRamp"));
  if (weight.identity === 0n) {
    return (
      <p className="text-muted text-sm">
        Only wallets with a certified identity can lock: MESH that others locked would not count.
      </p>
    );
  }
  return (
    <QueryView query={spendable}>
      {({ mesh, allowance }) => (
        <SpendingForm
          label="Lock"
          button="Preview lock"
          most={mesh}
          problemOf={(amount) => (amount > mesh ? `This wallet holds ${formatMesh(mesh)} MESH.` : undefined)}
          hint={(amount) => (
            <>
              You hold {formatMesh(mesh)} MESH.{" "}
              {amount !== undefined &&
                `With it your identity has ${formatVotingUnits(unitsWhenAged({ ...weight, locked: locked + amount }, rules))} units, ${formatDuration(ramp)} to ${formatDuration(2 * ramp)} later.`}
            </>
          )}
          onSubmit={(amount, method) =>
            onPlan(
              lockVotesPlan({
                ...{ client, token, spender, wallet, amount, allowance, method, lockedBefore: locked },
                ...{ voteAgeRamp: ramp, voteUnlockDelay: delay },
              }),
            )
          }
        />
      )}
    </QueryView>
  );
}
