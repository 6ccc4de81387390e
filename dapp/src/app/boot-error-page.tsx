import type { ReactNode } from "react";

/** Shown when `/network.json` cannot be used: what is wrong and what to do. */
export function BootErrorPage({ problem }: { problem: string }): ReactNode {
  return (
    <main className="mx-auto grid min-h-dvh max-w-xl content-center gap-4 p-6">
      <img src="/icon.svg" alt="" className="size-12" />
      <h1>PQMesh does not know its network</h1>
      <p role="alert" className="bg-bad-soft rounded-lg px-4 py-3">
        {problem}
      </p>
      <p className="text-muted">
        This page reads <code>/network.json</code> from the server that it came from: chain id, RPC endpoint, indexer,
        relayers and contract addresses. <code>npm start</code> writes it. If you run this site, put the file of your
        deployment beside <code>index.html</code>; otherwise tell whoever does.
      </p>
      <div>
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Try again
        </button>
      </div>
    </main>
  );
}
