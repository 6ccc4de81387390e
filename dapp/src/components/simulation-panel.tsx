import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { ReactNode } from "react";
import { useCallPreview, useDecodedCalls } from "../hooks/use-call-preview.ts";
import type { CallPreview, CallRun, ValueChange } from "../lib/call-preview.ts";
import { formatCount } from "../lib/format.ts";
import { DecodedCallCard } from "./decoded-call.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const HINT = "Decoded from the calls themselves, which alone are executed. A description is only text of the proposer.";

/** What the calls of a proposal say, and what they would do if the timelock executed them now. */
export function SimulationPanel({
  calls,
  executableAt,
}: {
  calls: readonly GovernanceCall[];
  /** When they can be executed at the earliest, Unix seconds. */
  executableAt?: number | undefined;
}): ReactNode {
  const preview = useCallPreview(calls, executableAt);
  return (
    <Panel title="What it does" hint={HINT}>
      <QueryView query={preview} height="12rem">
        {(found) => <Preview {...found} />}
      </QueryView>
    </Panel>
  );
}

/** What the calls of a proposal say that is over: nothing of the present, and nothing is run. */
export function PastCallsPanel({ calls }: { calls: readonly GovernanceCall[] }): ReactNode {
  return (
    <Panel title="What it does" hint={HINT}>
      <QueryView query={useDecodedCalls(calls, "past")} height="12rem">
        {(decoded) => (
          <ol className="grid gap-4">
            {decoded.map((call, i) => (
              <DecodedCallCard key={i} call={call} number={`${i + 1}.`} />
            ))}
          </ol>
        )}
      </QueryView>
    </Panel>
  );
}

function Preview({ calls, run }: CallPreview): ReactNode {
  const ran = "problem" in run ? undefined : run;
  return (
    <div className="grid gap-4" data-testid="simulation">
      {ran ? <Verdict {...ran} /> : "problem" in run && <Notice tone="warn">{run.problem}</Notice>}
      <ol className="grid gap-4">
        {calls.map((call, i) => (
          <DecodedCallCard key={i} call={call} number={`${i + 1}.`} result={ran?.calls[i]} />
        ))}
      </ol>
      {ran && (
        <>
          <Changes title="Governed numbers" changes={ran.parameters} />
          {ran.failsAt === undefined && <Changes title="The treasury" changes={ran.balances} />}
          <p className="text-muted text-sm">
            Run by eth_simulateV1 of the chain node as the timelock, on block {formatCount(ran.block)}. Nothing was
            sent. The state can change until it is executed.
          </p>
        </>
      )}
    </div>
  );
}

function Verdict({ failsAt, calls }: CallRun): ReactNode {
  if (failsAt === undefined) {
    const all = calls.length === 1 ? "the call" : `all ${calls.length} calls`;
    return <Notice>Executed now, {all} would succeed.</Notice>;
  }
  return (
    <Notice tone="bad">
      Executed now, {calls.length === 1 ? "it would fail" : `the whole would fail at call ${failsAt + 1}`}, and nothing
      of it would happen. {calls[failsAt]?.refusal}
    </Notice>
  );
}

function Changes({ title, changes }: { title: string; changes: readonly ValueChange[] }): ReactNode {
  if (changes.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="font-semibold">{title}</h3>
      <ul className="mt-1 grid gap-1 text-sm">
        {changes.map(({ name, before, after, from }) => (
          <li key={name} className="flex flex-wrap gap-x-2" data-change={name}>
            <span className="text-muted min-w-24">{name}</span>
            {before === after ? (
              <span>{before}, as before</span>
            ) : (
              <span>
                {before} → <strong>{after}</strong>
                {from && <span className="text-muted">, from {from} on at the earliest</span>}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
