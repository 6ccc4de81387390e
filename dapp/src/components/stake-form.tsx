import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { stakePlan } from "../flows/stake-node.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh, formatMeshExact } from "../lib/format.ts";
import { readMeshAmount } from "../lib/mesh-amount.ts";
import type { OwnNode, WalletBalances } from "../lib/operator-view.ts";
import { stakeShortfall } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AmountField } from "./amount-field.tsx";

/** Asks how much to stake or to add. */
export function StakeForm({
  node,
  wallet,
  balances,
  minimum,
  onPlan,
}: {
  node: OwnNode;
  wallet: Address;
  balances: WalletBalances;
  /** MESH wei. */
  minimum: bigint;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config, client } = useNetwork();
  const missing = minimum > node.stake ? minimum - node.stake : 0n;
  const [text, setText] = useState(missing > 0n ? formatMeshExact(missing) : "");
  const [method, setMethod] = useState<"permit" | "approve">("permit");
  const reading = readMeshAmount(text);
  const problem = text === "" ? undefined : amountProblem(reading, balances.mesh);
  const submit = (): void => {
    if ("problem" in reading || problem) return;
    onPlan(
      stakePlan({
        ...{ client, wallet, minimum, method },
        token: config.contracts.MeshToken,
        staking: config.contracts.NodeStaking,
        nodeIndex: node.nodeIndex,
        amount: reading.wei,
        stakeBefore: node.stake,
        allowance: balances.allowance,
      }),
    );
  };
  const shortfall = "wei" in reading ? stakeShortfall(node.stake + reading.wei, minimum) : undefined;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <AmountField
        label={node.stake >= minimum ? "Add to the stake" : "Stake"}
        value={text}
        most={balances.mesh}
        mostLabel="All I have"
        problem={problem}
        hint={
          <>
            You hold {formatMesh(balances.mesh)} MESH. The minimum is {formatMesh(minimum)} per node.
            {shortfall && <span className="text-warn block">{shortfall}</span>}
          </>
        }
        onChange={setText}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="submit" className="button button-primary" disabled={text === "" || problem !== undefined}>
          Preview stake
        </button>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={method === "approve"}
            onChange={(event) => setMethod(event.target.checked ? "approve" : "permit")}
          />
          My wallet cannot sign permits (two transactions)
        </label>
      </div>
    </form>
  );
}

function amountProblem(reading: ReturnType<typeof readMeshAmount>, balance: bigint): string | undefined {
  if ("problem" in reading) return reading.problem;
  return reading.wei > balance ? `This wallet holds only ${formatMeshExact(balance)} MESH.` : undefined;
}
