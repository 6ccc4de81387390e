import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { findChainProblem } from "../lib/chain-problem.ts";

/** Milliseconds between two looks; a devnet's chain may be started anew while this page is open. */
const LOOK_MS = 6_000;

/** Shows pages only while the RPC endpoint is the chain of `network.json`; otherwise what is wrong and what to do. */
export function ChainGuard({ children }: { children: ReactNode }): ReactNode {
  const services = useNetwork();
  const { data: problem } = useQuery({
    queryKey: ["chain-problem"],
    queryFn: async () => (await findChainProblem(services)) ?? null,
    refetchInterval: LOOK_MS,
  });
  if (!problem) return children;
  return (
    <section className="mx-auto grid max-w-xl gap-4 py-10" data-chain-problem={problem.kind}>
      <h1>{problem.title}</h1>
      <p role="alert" className="bg-bad-soft rounded-lg px-4 py-3">
        {problem.sentence}
      </p>
      <p className="text-muted">{problem.advice}</p>
      <div>
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    </section>
  );
}
