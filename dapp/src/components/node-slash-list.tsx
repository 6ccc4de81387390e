import type { ReactNode } from "react";
import { Link } from "react-router";
import { useConnection } from "wagmi";
import { payNodeSlashPlan } from "../flows/settle-node-slash.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import type { NodeSlashView } from "../lib/node-slashes.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";

const KINDS: Record<NonNullable<NodeSlashView["kind"]>, string> = {
  Downtime: "Downtime",
  Equivocation: "Two attestations of one epoch",
  Proposed: "Proposed, and stopped by nobody",
};

/** Slashes of nodes with the funds that they took. */
export function NodeSlashList({
  slashes,
  onPlan,
}: {
  slashes: readonly NodeSlashView[];
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  return slashes.map((slash) => <SlashCard key={`${slash.id}-${slash.transaction}`} {...{ slash, onPlan }} />);
}

function SlashCard({ slash, onPlan }: { slash: NodeSlashView; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds } = useChainTime(5_000);
  const { id, nodeIndex, kind, ownPart, poolPart, state, payableAt, timestamp, transaction } = slash;
  const isDue = state === "Frozen" && seconds !== undefined && payableAt <= seconds;
  return (
    <article className="border-line grid gap-1 border-t px-4 py-4 first:border-t-0 sm:px-5" data-node-slash={id}>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-semibold">
          {kind ? KINDS[kind] : "Slash"}{" "}
          <span className="text-muted font-normal">
            of{" "}
            <Link className="link" to={`/nodes/${nodeIndex}`}>
              node {nodeIndex}
            </Link>
          </span>
        </h3>
        {timestamp !== undefined && <span className="text-muted text-sm">{formatTime(timestamp)}</span>}
      </header>
      <p className="text-sm">
        −{formatMesh(ownPart)} MESH of the operator, −{formatMesh(poolPart)} MESH of delegators ·{" "}
        <span className="text-muted">{fundsWords(slash, seconds)}</span>
      </p>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-muted text-sm">
          Transaction <Copyable value={transaction} label="transaction hash" lead={10} tail={8} />
        </p>
        {isDue && address && (
          <button
            type="button"
            className="button button-small"
            onClick={() => onPlan(payNodeSlashPlan(config.contracts.NodeSlashing, slash))}
          >
            Pay out
          </button>
        )}
      </div>
    </article>
  );
}

function fundsWords({ state, payableAt }: NodeSlashView, seconds: number | undefined): string {
  if (state === "Paid") return "paid to reporter and treasury";
  if (state === "Pardoned") return "given back by the DAO";
  if (state === "Empty") return "there was nothing to take";
  if (seconds === undefined || payableAt > seconds) {
    return `frozen until ${formatTime(payableAt)}${seconds === undefined ? "" : ` (${formatRelative(payableAt, seconds)})`}`;
  }
  return "frozen; anyone can pay them out now";
}
