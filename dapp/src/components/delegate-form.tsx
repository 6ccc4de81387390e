import { sharesForDown } from "@pqmesh/contracts/protocol/share-price";
import { type ReactNode, useEffect, useRef } from "react";
import type { Address } from "viem";
import { delegatePlan } from "../flows/delegate-stake.ts";
import { useNodePools, useOwnDelegations } from "../hooks/use-delegation-queries.ts";
import { useEntryPause } from "../hooks/use-entry-pauses.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import type { DelegableNode } from "../lib/delegable-nodes.ts";
import { delegationProblem, joinProblem } from "../lib/delegation-rules.ts";
import { formatBp, formatCount, formatDuration, formatMesh, formatShare } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";
import { QueryView } from "./query-view.tsx";
import { SpendingForm } from "./spending-form.tsx";

/** What the chain's parameters say to who delegates. */
export interface DelegationTerms {
  /** Seconds. */
  unbondingPeriod: number;
  /** Largest share that one proposed slash takes, basis points. */
  maxSlashBp: number;
}

/** Asks how much to delegate to a node. */
export function DelegateForm({
  node,
  wallet,
  terms,
  onPlan,
}: {
  node: DelegableNode;
  wallet: Address;
  terms: DelegationTerms;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config, client } = useNetwork();
  const { MeshToken: token, NodeDelegation: spender } = config.contracts;
  const spendable = useSpendable(wallet, spender);
  const { nodeIndex, pool, standing } = node;
  const onChain = useNodePools([nodeIndex]).data?.[0];
  const own = useOwnDelegations(wallet).data;
  const pause = useEntryPause("Delegation");
  // Who is in the pool already can add to it all the same.
  const isIn = own?.some((one) => one.nodeIndex === nodeIndex && one.shares > 0n) ?? false;
  const refusal = (isIn ? undefined : pause) ?? (onChain && joinProblem(onChain));
  const isEarning = !["inactive", "exited"].includes(standing.standing);
  const section = useRef<HTMLElement>(null);
  const isLoaded = spendable.data !== undefined;
  useEffect(() => {
    // Its answer is a promise in new browsers, which React would take for a clean-up.
    section.current?.scrollIntoView({ block: "center" });
    // The form is far from the button that opened it.
    section.current?.querySelector("input")?.focus({ preventScroll: true });
  }, [isLoaded]);
  return (
    <section ref={section} aria-label={`Delegate to node ${nodeIndex}`} className="bg-well grid gap-3 rounded-lg p-4">
      <h3 className="font-semibold">Delegate to node {nodeIndex}</h3>
      {refusal && <Notice tone="warn">{refusal}</Notice>}
      <QueryView query={spendable}>
        {({ mesh, allowance }) => (
          <SpendingForm
            label="Amount"
            button="Preview delegation"
            most={mesh}
            problemOf={(amount) => refusal ?? delegationProblem(amount, mesh)}
            hint={(amount) => (
              <>
                You hold {formatMesh(mesh)} MESH.{" "}
                {amount !== undefined && `It buys about ${formatCount(sharesForDown(amount, pool))} shares. `}
                The operator keeps {formatBp(pool.commission.bp, 2)} of what you earn
                {node.perDay !== undefined && `; the pool earned about ${formatShare(node.perDay)} a day lately`}. It
                can leave {formatDuration(terms.unbondingPeriod)} after you undelegate, and is slashed with the node.
              </>
            )}
            onSubmit={(amount, method) =>
              onPlan(
                delegatePlan({
                  ...{ client, token, spender, wallet, amount, allowance, method, pool, isEarning },
                  ...terms,
                }),
              )
            }
          />
        )}
      </QueryView>
    </section>
  );
}
