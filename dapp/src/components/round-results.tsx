import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { RoundState, RoundView } from "../lib/round-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import { resultsOf } from "../lib/voice-credits.ts";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";
import { RoundOptionName } from "./round-option-name.tsx";

const HINTS: Record<RoundState, string> = {
  coming: "Read what each option would do before the season begins.",
  open: "As votes stand now; they can change until the season ends.",
  over: "Final. Nothing is paid or changed before a proposal with it passes in both houses.",
};

/** Votes for every option as bars, and what each gets. */
export function RoundResults({ round, state }: { round: RoundView; state: RoundState }): ReactNode {
  const { options, unit } = round;
  const results = resultsOf(round);
  const most = options.reduce((best, { votes }) => (votes > best ? votes : best), 1n);
  const canPropose = state === "over" && results.some(({ wins }) => wins);
  const gets = (i: number): string => {
    const { wins, grant } = results[i]!;
    if (!wins) return "";
    return unit ? formatToken(grant, unit) : "wins";
  };
  const rows = (): (string | number)[][] =>
    options.map(({ target, votes }, i) => [i, target, String(votes), results[i]!.wins ? "yes" : "no", gets(i)]);
  return (
    <Panel
      title={state === "over" ? "Result" : "Options"}
      hint={HINTS[state]}
      actions={<CsvButton file={`pqmesh-round-${round.id}.csv`} header={CSV_HEADER} {...{ rows }} />}
    >
      <ol className="grid gap-4">
        {options.map(({ votes }, i) => (
          <li key={i} className="grid gap-1" data-result={i}>
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="min-w-0 flex-1 basis-60">
                <span className="text-muted mr-1.5">{i}.</span>
                <RoundOptionName {...{ round }} index={i} />
              </span>
              <span className="whitespace-nowrap">
                {countedWords(votes, "vote")}
                {results[i]!.wins && <strong className="text-ok ml-2">{gets(i)}</strong>}
              </span>
            </div>
            <div className="bg-well h-3 overflow-hidden rounded-full" aria-hidden="true">
              <div
                className="h-full rounded-full"
                style={{
                  width: `${Number((votes * 1_000n) / most) / 10}%`,
                  background: `var(--${results[i]!.wins ? "ok" : "off"}-fill)`,
                }}
              />
            </div>
          </li>
        ))}
      </ol>
      {canPropose && (
        <p className="mt-4">
          <Link className="button button-primary" to={`/proposals/new?round=${round.id}`}>
            Turn it into a proposal
          </Link>
        </p>
      )}
      {state === "over" && !canPropose && (
        <p className="text-muted mt-4 text-sm">No option has enough votes: there is nothing to propose.</p>
      )}
    </Panel>
  );
}

const CSV_HEADER = ["option", "target", "votes", "wins", "gets"];
