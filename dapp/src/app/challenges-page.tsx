import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { BondCredit } from "../components/bond-credit.tsx";
import { ChallengeTable } from "../components/challenge-table.tsx";
import { DisputeTabs } from "../components/dispute-tabs.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useChallenges } from "../hooks/use-dispute-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { CHALLENGE_STATES, type ChallengeState } from "../lib/challenge-view.ts";
import { natural } from "../lib/report-listing.ts";

const PER_PAGE = 25;

/** The table of challenges. Filter and page are in the address, so that a view can be shared. */
export function ChallengesPage(): ReactNode {
  usePageTitle("Challenges");
  const [params, setParams] = useSearchParams();
  const state = CHALLENGE_STATES.find((known) => known.toLowerCase() === params.get("state")) ?? "all";
  const nodeIndex = natural(params.get("node"));
  const page = Math.max(1, natural(params.get("page")) ?? 1);
  const challenges = useChallenges({
    ...{ state, skip: (page - 1) * PER_PAGE, count: PER_PAGE + 1 },
    ...(nodeIndex !== undefined && { nodeIndex }),
  });
  const change = (name: string, value: string): void => {
    const next = new URLSearchParams(params);
    if (name !== "page") next.delete("page");
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <DisputeTabs title="Challenges">
        Who cannot get a leaf of a report asks its signers for it on chain, with a bond. They show it in time or lose
        stake.
      </DisputeTabs>
      <BondCredit />
      <Panel flush>
        <Filters state={state} node={params.get("node") ?? ""} onChange={change} />
        <QueryView query={challenges} height="20rem">
          {(found) => (
            <>
              {found.length > 0 ? (
                <ChallengeTable challenges={found.slice(0, PER_PAGE)} />
              ) : (
                <EmptyState title={params.size > 0 ? "No challenge fits" : "Nothing was ever challenged"}>
                  {params.size > 0 ? (
                    <button type="button" className="link" onClick={() => setParams({}, { replace: true })}>
                      Show all challenges
                    </button>
                  ) : (
                    "Every leaf that somebody asked for was shown without a challenge. Open a report to make one."
                  )}
                </EmptyState>
              )}
              {(page > 1 || found.length > PER_PAGE) && (
                <Pager
                  page={page}
                  pages={{ more: found.length > PER_PAGE }}
                  onPage={(to) => change("page", to > 1 ? String(to) : "")}
                />
              )}
            </>
          )}
        </QueryView>
      </Panel>
    </div>
  );
}

function Filters({
  state,
  node,
  onChange,
}: {
  state: ChallengeState | "all";
  node: string;
  onChange: (name: string, value: string) => void;
}): ReactNode {
  return (
    <div className="flex flex-wrap gap-2 p-3 sm:px-4">
      <label className="flex-none max-sm:flex-1">
        <span className="sr-only">Filter by state</span>
        <select
          className="field w-full sm:w-auto"
          value={state}
          onChange={(event) => onChange("state", event.target.value === "all" ? "" : event.target.value.toLowerCase())}
        >
          <option value="all">All states</option>
          {CHALLENGE_STATES.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      </label>
      <label className="min-w-0 flex-1 basis-32 sm:max-w-52">
        <span className="sr-only">About node</span>
        <input
          type="search"
          inputMode="numeric"
          className="field"
          placeholder="About node …"
          value={node}
          onChange={(event) => onChange("node", event.target.value.replace(/\D/g, "").slice(0, 9))}
        />
      </label>
    </div>
  );
}
