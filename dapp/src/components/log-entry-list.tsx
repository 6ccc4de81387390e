import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { IndexedLogEntry } from "@pqmesh/contracts/protocol/log-entry";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ACTION_WORDS, serialHex, shortSerial, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";

/** Entries of the log as rows, one of which can be chosen. */
export function LogEntryList({
  entries,
  selected,
  onSelect,
}: {
  entries: readonly IndexedLogEntry[];
  selected: number | undefined;
  onSelect: (index: number) => void;
}): ReactNode {
  return (
    <ul>
      {entries.map(({ index, entry }) => (
        <li
          key={index}
          data-log-entry={index}
          className={`border-line flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-2.5 first:border-t-0 sm:px-5 ${index === selected ? "bg-accent-soft" : ""}`}
        >
          <span className="text-muted w-14 text-sm">{index}</span>
          <span className="min-w-0 flex-1 basis-36 font-medium">{ACTION_WORDS[entry.action]}</span>
          <span className="text-muted min-w-0 flex-1 basis-44 text-sm">{detailsOf(entry)}</span>
          <span className="text-muted text-sm">{formatTime(entry.time)}</span>
          <button
            type="button"
            className="button button-small"
            aria-label={`Verify entry ${index}`}
            onClick={() => onSelect(index)}
          >
            Verify
          </button>
        </li>
      ))}
    </ul>
  );
}

function detailsOf(entry: IndexedLogEntry["entry"]): ReactNode {
  const { action, serial, authorityId, kind, subject, reason, effectiveAt, time } = entry;
  const start = effectiveAt > time ? ` from ${formatTime(effectiveAt)} on` : "";
  if (serial === 0n) {
    return `authority ${authorityId}${action === "revoke-authority" ? `, ${reasonWords(reason)}${start}` : ""}`;
  }
  return (
    <>
      <Link className="link font-mono" to={`/certificates/${serialHex(serial)}`}>
        {shortSerial(serial)}
      </Link>
      {kind && ` of ${subjectWords(kind, subject)}`}
      {action === "revoke" && `, ${reasonWords(reason)}${start}`}
    </>
  );
}
