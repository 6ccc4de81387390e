import type { ReactNode } from "react";
import type { Address } from "viem";
import { stakePlan } from "../flows/stake-node.ts";
import { useEntryPause } from "../hooks/use-entry-pauses.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh, formatMeshExact } from "../lib/format.ts";
import type { OwnNode, WalletBalances } from "../lib/operator-view.ts";
import { balanceProblem, stakeShortfall } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { SpendingForm } from "./spending-form.tsx";

/** Asks how much to stake or to add. */
export function StakeForm({
  node,
  wallet,
  balances,
  minimum,
  isGift = false,
  onPlan,
}: {
  node: Pick<OwnNode, "nodeIndex" | "stake">;
  wallet: Address;
  balances: Pick<WalletBalances, "mesh" | "allowance">;
  /** MESH wei. */
  minimum: bigint;
  /** True when the node belongs to another operator. */
  isGift?: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config, client } = useNetwork();
  const pause = useEntryPause("Stake");
  // Nodes that are active can be topped up all the same.
  const refusal = node.stake < minimum ? pause : undefined;
  const missing = minimum > node.stake ? minimum - node.stake : 0n;
  return (
    <SpendingForm
      label={node.stake >= minimum ? "Add to the stake" : "Stake"}
      button="Preview stake"
      {...(missing > 0n && { start: formatMeshExact(missing) })}
      most={balances.mesh}
      problemOf={(amount) => refusal ?? balanceProblem(amount, balances.mesh)}
      hint={(amount) => {
        const shortfall = amount === undefined ? undefined : stakeShortfall(node.stake + amount, minimum);
        return (
          <>
            You hold {formatMesh(balances.mesh)} MESH. The minimum is {formatMesh(minimum)} per node.
            {shortfall && <span className="text-warn block">{shortfall}</span>}
          </>
        );
      }}
      onSubmit={(amount, method) =>
        onPlan(
          stakePlan({
            ...{ client, wallet, minimum, method, amount, isGift },
            token: config.contracts.MeshToken,
            spender: config.contracts.NodeStaking,
            nodeIndex: node.nodeIndex,
            stakeBefore: node.stake,
            allowance: balances.allowance,
          }),
        )
      }
    />
  );
}
