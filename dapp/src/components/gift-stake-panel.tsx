import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useNode } from "../hooks/use-network-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import { formatMesh } from "../lib/format.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { StakeForm } from "./stake-form.tsx";

/** Adds to the stake of a node of somebody else. */
export function GiftStakePanel({
  wallet,
  minimum,
  onPlan,
}: {
  wallet: Address;
  /** MESH wei. */
  minimum: bigint;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const [text, setText] = useState("");
  const nodeIndex = natural(text.trim());
  return (
    <Panel
      title="Stake for another"
      hint="Adds to the stake of any node. It belongs to that node's operator from then on; to keep it yours, delegate instead."
    >
      <div className="grid gap-4">
        <Field
          label="Node"
          problem={text !== "" && nodeIndex === undefined ? "The node is its index: a whole number." : undefined}
        >
          {(props) => (
            <input
              {...props}
              className="field sm:w-40"
              inputMode="numeric"
              autoComplete="off"
              placeholder="Index"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {nodeIndex !== undefined && <GiftForm key={nodeIndex} {...{ nodeIndex, wallet, minimum, onPlan }} />}
      </div>
    </Panel>
  );
}

function GiftForm({
  nodeIndex,
  wallet,
  minimum,
  onPlan,
}: {
  nodeIndex: number;
  wallet: Address;
  minimum: bigint;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const query = useNode(nodeIndex);
  const balances = useSpendable(wallet, config.contracts.NodeStaking);
  return (
    <QueryView query={query} height="4rem">
      {(node) =>
        node === null ? (
          <p className="text-bad">There is no node {nodeIndex}.</p>
        ) : node.exited ? (
          <p className="text-bad">Node {nodeIndex} has exited and takes no stake.</p>
        ) : (
          <QueryView query={balances}>
            {(amounts) => (
              <div className="grid gap-3">
                <p className="text-muted text-sm">
                  Node {nodeIndex} of operator {node.identityId} has {formatMesh(node.stake)} MESH bonded.
                </p>
                <StakeForm {...{ node, wallet, minimum, onPlan }} balances={amounts} isGift />
              </div>
            )}
          </QueryView>
        )
      }
    </QueryView>
  );
}
