import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { formatUnits, type Address } from "viem";
import { useOwnBallots, useProposals } from "../hooks/use-governance-queries.ts";
import { castTime } from "../lib/ballot-view.ts";
import { formatMesh, formatVotingUnits } from "../lib/format.ts";
import { SUPPORT_WORDS } from "../lib/proposal-words.ts";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Pager } from "./pager.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const PER_PAGE = 10;
const HEADER = ["proposal", "title", "ballot", "units", "MESH", "reason", "cast at", "transaction"] as const;

/** What a wallet has voted on, the newest first. */
export function OwnBallotsPanel({ wallet }: { wallet: Address }): ReactNode {
  const ballots = useOwnBallots(wallet);
  const titles = new Map(useProposals().data?.map(({ id, title }) => [id, title]));
  const [wanted, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil((ballots.data?.length ?? 0) / PER_PAGE));
  const page = Math.min(wanted, pages);
  return (
    <Panel
      title="Your ballots"
      actions={
        <CsvButton
          file="pqmesh-own-ballots.csv"
          header={HEADER}
          rows={() =>
            (ballots.data ?? []).map(({ proposalId, support, units, tokens, reason, castAt, transaction }) => [
              ...[String(proposalId), titles.get(proposalId), SUPPORT_WORDS[support]],
              ...[formatUnits(units, 9), formatUnits(tokens, 18), reason, castTime(castAt), transaction],
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
              {found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(({ proposalId, support, units, tokens }) => (
                <li
                  key={String(proposalId)}
                  className="border-line grid gap-x-4 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-[1fr_auto] sm:px-5"
                  data-own-ballot={String(proposalId)}
                >
                  <p>
                    <Link className="link" to={`/proposals/${proposalId}`}>
                      {visibleText(titles.get(proposalId) ?? `Proposal ${shortId(proposalId)}`)}
                    </Link>
                  </p>
                  <p className="text-sm sm:text-right">
                    <strong>{SUPPORT_WORDS[support]}</strong>, {formatVotingUnits(units)} units, {formatMesh(tokens)}{" "}
                    MESH
                  </p>
                </li>
              ))}
            </ul>
            {found.length === 0 && <EmptyState title="This wallet has not voted yet" />}
            {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
          </>
        )}
      </QueryView>
    </Panel>
  );
}
