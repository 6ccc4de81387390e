import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Hex } from "viem";
import type { PendingTransaction } from "../lib/pending-book.ts";
import { lookAtTransaction } from "../lib/pending-fate.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds between two looks at the chain. */
const LOOK_MS = 2_000;

/** Sent transactions that no dialog shows; each is watched until it has ended. */
export function usePendingTransactions(): {
  transactions: readonly PendingTransaction[];
  dismiss: (hash: Hex) => void;
} {
  const { client, pending } = useNetwork();
  const queries = useQueryClient();
  const missingSince = useRef(new Map<Hex, number>());
  const transactions = useSyncExternalStore(
    (listener) => pending.subscribe(listener),
    () => pending.listed(),
  );
  useEffect(() => {
    const follow = (): void => pending.reload();
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, [pending]);
  const open = transactions.filter(({ fate }) => !fate);
  const look = async (transaction: PendingTransaction): Promise<void> => {
    const { hash, nonce } = transaction;
    const since = missingSince.current.get(hash) ?? performance.now();
    const seen = await lookAtTransaction(client, transaction, performance.now() - since);
    if (seen.isMissing) missingSince.current.set(hash, since);
    else missingSince.current.delete(hash);
    if (seen.nonce !== undefined && seen.nonce !== nonce) pending.note(hash, { nonce: seen.nonce });
    if (!seen.fate) return;
    pending.note(hash, { fate: seen.fate });
    void queries.invalidateQueries({ queryKey: ["wallet"] });
    void queries.invalidateQueries({ queryKey: ["network"] });
  };
  useQuery({
    queryKey: ["pending", ...open.map(({ hash }) => hash)],
    queryFn: async () => {
      await Promise.all(open.map(look));
      return null;
    },
    enabled: open.length > 0,
    refetchInterval: LOOK_MS,
    gcTime: 0,
  });
  return { transactions, dismiss: (hash) => pending.remove(hash) };
}
