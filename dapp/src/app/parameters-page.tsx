import { parameterNotes, parameterOrderings } from "@pqmesh/contracts/generated/parameter-notes";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EntryPausesPanel } from "../components/entry-pauses-panel.tsx";
import { Panel } from "../components/panel.tsx";
import { ParameterChangesPanel } from "../components/parameter-changes-panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RuleTabs } from "../components/rule-tabs.tsx";
import { useParameters } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { formatDuration, formatTime } from "../lib/format.ts";
import type { NetworkParameterTable, ParameterRow } from "../lib/network-parameters.ts";
import { formatParameter, parameterUnit } from "../lib/parameter-amount.ts";

/** Every governed number, as the chain has it. */
export function ParametersPage(): ReactNode {
  usePageTitle("Parameters");
  const parameters = useParameters();
  const [search, setSearch] = useState("");
  return (
    <div className="grid gap-4">
      <RuleTabs title="Parameters">
        Every number that the DAO governs, as the chain has it now. It can change one only within its bounds, after its
        notice.
      </RuleTabs>
      <EntryPausesPanel />
      <Panel flush>
        <div className="flex flex-wrap items-center justify-between gap-3 p-3 sm:px-4">
          <label className="min-w-0 flex-1 basis-48 sm:max-w-80">
            <span className="sr-only">Search parameters</span>
            <input
              type="search"
              className="field"
              placeholder="Search name or reason"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
          <CsvButton file="pqmesh-parameters.csv" header={CSV_HEADER} rows={() => csvRows(parameters.data)} />
        </div>
        <QueryView query={parameters} height="32rem">
          {(table) => <ParameterTable rows={[...table].filter(([name]) => fits(name, search))} />}
        </QueryView>
      </Panel>
      <ParameterChangesPanel />
      <Orderings />
    </div>
  );
}

function ParameterTable({ rows }: { rows: readonly [string, ParameterRow][] }): ReactNode {
  if (rows.length === 0) return <EmptyState title="No parameter fits">Search for another word.</EmptyState>;
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Parameter</th>
            <th className="num">Value</th>
            <th className="num max-sm:hidden">Bounds</th>
            <th className="num max-md:hidden">Default</th>
            <th className="num max-md:hidden">Notice</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, row]) => (
            <Row key={name} name={name} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ name, row }: { name: string; row: ParameterRow }): ReactNode {
  const note = parameterNotes[name];
  const unit = note?.unit ?? "";
  const bounds =
    row.min === row.max ? "fixed" : `${formatParameter(row.min, unit)} – ${formatParameter(row.max, unit)}`;
  return (
    <tr data-parameter={name}>
      <td className="max-w-96">
        <code className="font-medium">{name}</code>
        {note && <span className="text-muted block text-sm">{note.reason}</span>}
        {row.min < row.max && (
          <Link
            className="link text-xs"
            to={`/proposals/new?number=${name}`}
            aria-label={`Propose a change of ${name}`}
          >
            Propose a change
          </Link>
        )}
        <span className="text-muted block text-xs sm:hidden">
          {bounds} · notice {formatDuration(row.notice)}
        </span>
      </td>
      <td className="num whitespace-normal!">
        <strong>{formatParameter(row.value, unit)}</strong>
        <span className="text-muted block text-xs">{parameterUnit(unit)}</span>
        {row.change && (
          <span className="text-warn block text-xs">
            {formatParameter(row.change.value, unit)} from {formatTime(row.change.at)}
          </span>
        )}
      </td>
      <td className="num max-sm:hidden whitespace-normal!">{bounds}</td>
      <td className="num max-md:hidden whitespace-normal!">
        {note ? formatParameter(BigInt(note.standard), unit) : "–"}
      </td>
      <td className="num max-md:hidden">{formatDuration(row.notice)}</td>
    </tr>
  );
}

function Orderings(): ReactNode {
  return (
    <Panel
      title="What must hold together"
      hint="The contract refuses a change that would break one of these, now or later."
    >
      <ul className="grid gap-3">
        {parameterOrderings.map(({ addends, relation, bound, reason }) => (
          <li key={`${addends.join()}-${bound}`}>
            <p>
              <code>{addends.join(" + ")}</code> <span className="text-muted">{relation}</span> <code>{bound}</code>
            </p>
            <p className="text-muted text-sm">{reason}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const CSV_HEADER = ["name", "unit", "value", "min", "max", "default", "noticeSeconds", "reason"];

function csvRows(table: NetworkParameterTable | undefined): (string | number | bigint | undefined)[][] {
  return [...(table ?? [])].map(([name, { value, min, max, notice }]) => {
    const note = parameterNotes[name];
    return [name, note?.unit, value, min, max, note?.standard, notice, note?.reason];
  });
}

function fits(name: string, search: string): boolean {
  const words = search.trim().toLowerCase();
  return words === "" || `${name} ${parameterNotes[name]?.reason ?? ""}`.toLowerCase().includes(words);
}
