import { useMutation } from "@tanstack/react-query";
import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import type { ReactNode } from "react";
import { publishHeadPlan } from "../flows/publish-head.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { checkLog, type LogCheck } from "../lib/certificate-log.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";

/** The head of the log, and whether all entries lead to it and to every head that was stored. */
export function LogCheckPanel({ head, onPlan }: { head: LogHead; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const services = useNetwork();
  const check = useMutation({ mutationFn: () => checkLog(services) });
  const registry = services.config.contracts.CertificateRegistry;
  return (
    <Panel
      title="Head of the log"
      hint="The root hash stands for every entry so far: nothing can be changed or dropped without changing it"
      actions={
        <>
          <button
            type="button"
            className="button button-small"
            onClick={() => check.mutate()}
            disabled={check.isPending}
          >
            {check.isPending ? "Hashing …" : "Verify all"}
          </button>
          <button
            type="button"
            className="button button-small"
            disabled={head.size === 0}
            onClick={() => onPlan(publishHeadPlan(registry, head))}
          >
            Store the head
          </button>
        </>
      }
    >
      <div className="grid gap-3">
        <dl className="grid gap-3 sm:grid-cols-[auto_1fr] sm:gap-x-8">
          <Fact name="Entries">{head.size}</Fact>
          <Fact name="Root hash on chain">
            <Copyable value={head.root} label="root hash" full />
          </Fact>
        </dl>
        <div aria-live="polite" data-testid="log-check">
          {check.error && <Notice tone="bad">The entries could not be read. {check.error.message}</Notice>}
          {check.data && <Verdict check={check.data} />}
        </div>
      </div>
    </Panel>
  );
}

function Verdict({ check: { head, root, forked, checkedHeads } }: { check: LogCheck }): ReactNode {
  if (root !== head.root) {
    return <Notice tone="bad">The entries do not lead to the root hash on chain: one was dropped or changed.</Notice>;
  }
  if (forked.length > 0) {
    const sizes = forked.map(({ size }) => size).join(", ");
    return <Notice tone="bad">The log does not continue the stored heads of {sizes} entries: it was rewritten.</Notice>;
  }
  return (
    <Notice>
      ✓ All {head.size} entries lead to the root hash on chain, and continue {countedWords(checkedHeads, "stored head")}
      .
    </Notice>
  );
}
