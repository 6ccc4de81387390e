import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { type ReactNode, useState } from "react";
import { formatUnits } from "viem";
import { useBallots } from "../hooks/use-governance-queries.ts";
import { castTime } from "../lib/ballot-view.ts";
import { formatCount, formatMesh, formatVotingUnits } from "../lib/format.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { SUPPORT_WORDS } from "../lib/proposal-words.ts";
import { Copyable } from "./copyable.tsx";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Pager } from "./pager.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const PER_PAGE = 10;
const HEADER = ["voter", "ballot", "units", "MESH", "reason", "cast at", "transaction"] as const;
const TONES = ["text-bad", "text-ok", "text-muted"] as const;

/** Ballots of a proposal, the newest first. */
export function BallotList({
  proposal,
  canChange,
}: {
  proposal: ProposalView;
  /** Whether voting is not over. */
  canChange: boolean;
}): ReactNode {
  const ballots = useBallots({ proposalId: proposal.id, fromBlock: proposal.block });
  const [wanted, setPage] = useState(1);
  const count = ballots.data?.length ?? 0;
  const pages = Math.max(1, Math.ceil(count / PER_PAGE));
  const page = Math.min(wanted, pages);
  return (
    <Panel
      title="Ballots"
      {...(count > 0 && { hint: `${formatCount(count)} cast` })}
      actions={
        <CsvButton
          file="pqmesh-ballots.csv"
          header={HEADER}
          rows={() =>
            (ballots.data ?? []).map(({ voter, support, units, tokens, reason, castAt, transaction }) => [
              ...[voter, SUPPORT_WORDS[support], formatUnits(units, 9), formatUnits(tokens, 18), reason],
              ...[castTime(castAt), transaction],
            ])
          }
        />
      }
      flush
    >
      <QueryView query={ballots} height="8rem">
        {(found) => (
          <>
            <ul>
              {found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((ballot) => (
                <li
                  key={ballot.voter}
                  className="border-line grid gap-x-4 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-[1fr_auto] sm:px-5"
                  data-ballot={ballot.voter}
                >
                  <p>
                    <strong className={TONES[ballot.support]}>{SUPPORT_WORDS[ballot.support]}</strong>{" "}
                    <Copyable value={ballot.voter} label="address of the voter" />
                  </p>
                  <p className="text-sm sm:text-right">
                    {formatVotingUnits(ballot.units)} units, {formatMesh(ballot.tokens)} MESH
                  </p>
                  {ballot.reason && <p className="text-muted col-span-full text-sm">{visibleText(ballot.reason)}</p>}
                </li>
              ))}
            </ul>
            {found.length === 0 && <EmptyState title={canChange ? "Nobody has voted yet" : "Nobody voted"} />}
            {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
          </>
        )}
      </QueryView>
    </Panel>
  );
}
