import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { useParameterChanges } from "../hooks/use-parameter-changes.ts";
import { formatTime } from "../lib/format.ts";
import { formatParameter } from "../lib/parameter-amount.ts";
import type { ParameterChange } from "../lib/parameter-changes.ts";
import { titleOf } from "../lib/proposal-view.ts";
import { Copyable } from "./copyable.tsx";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Pager } from "./pager.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const PER_PAGE = 10;
const HEADER = ["parameter", "before", "after", "effectiveAt", "proposal", "transaction"] as const;

/** What the DAO has changed, and by which proposals; the newest change first. */
export function ParameterChangesPanel(): ReactNode {
  const changes = useParameterChanges();
  const [wanted, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil((changes.data?.length ?? 0) / PER_PAGE));
  const page = Math.min(wanted, pages);
  return (
    <Panel
      title="What changed"
      hint="Every change since the deployment, with the proposal that decided it."
      actions={
        <CsvButton
          file="pqmesh-parameter-changes.csv"
          header={HEADER}
          rows={() =>
            (changes.data ?? []).map(({ name, before, after, effectiveAt, proposal, transaction }) => [
              ...[name, before, after, effectiveAt, proposal && String(proposal.id), transaction],
            ])
          }
        />
      }
      flush
    >
      <QueryView query={changes} height="8rem">
        {(found) => (
          <>
            <ul>
              {found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(({ key, ...change }) => (
                <Change key={key} {...change} />
              ))}
            </ul>
            {found.length === 0 && <EmptyState title="Nothing has changed since the deployment" />}
            {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function Change({ name, before, after, effectiveAt, proposal, transaction }: Omit<ParameterChange, "key">): ReactNode {
  const unit = parameterNotes[name]?.unit ?? "";
  return (
    <li
      className="border-line grid gap-x-4 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-[1fr_auto] sm:px-5"
      data-parameter-change={name}
    >
      <p>
        <code className="font-medium">{name}</code> {formatParameter(before, unit)} →{" "}
        <strong>{formatParameter(after, unit)}</strong>
      </p>
      <p className="text-muted text-sm sm:text-right">in force from {formatTime(effectiveAt)}</p>
      <p className="text-muted col-span-full text-sm">
        {proposal ? (
          <Link className="link" to={`/proposals/${proposal.id}`}>
            {visibleText(titleOf(proposal.title))}
          </Link>
        ) : (
          <Copyable value={transaction} label="transaction of the change" />
        )}
      </p>
    </li>
  );
}
