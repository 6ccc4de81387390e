import { ENTRY_AREAS } from "@pqmesh/contracts/protocol/entry-area";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useConnection } from "wagmi";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useEntryPauses } from "../hooks/use-entry-pauses.ts";
import { useParameters } from "../hooks/use-network-queries.ts";
import { EntryArea } from "../lib/entry-area.ts";
import { type EntryPauses, pauseSentence } from "../lib/entry-pause.ts";
import { formatTime } from "../lib/format.ts";
import { parameterValue } from "../lib/network-parameters.ts";
import { Copyable } from "./copyable.tsx";
import { GuardianDesk } from "./guardian-desk.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Which entries are paused, and who can pause them without a vote. */
export function EntryPausesPanel(): ReactNode {
  const pauses = useEntryPauses();
  return (
    <Panel
      title="Entries"
      hint="In an emergency entries can be paused for a time, exits never. A pause ends by itself after maxPause at the latest."
      actions={
        <Link className="button button-small" to="/proposals/new">
          New proposal
        </Link>
      }
    >
      <QueryView query={pauses} height="8rem">
        {(found) => <Areas {...found} />}
      </QueryView>
    </Panel>
  );
}

function Areas(found: EntryPauses): ReactNode {
  const { seconds = 0 } = useChainTime(5_000);
  const { pauses, guardian } = found;
  const { address } = useConnection();
  const table = useParameters().data;
  const isInPower = guardian !== undefined && guardian.until > seconds;
  return (
    <div className="grid gap-3">
      <ul className="grid gap-1">
        {pauses.map(({ area }) => {
          const sentence = pauseSentence(found, area, seconds);
          return (
            <li key={area} data-entry={area} className={sentence ? "text-warn" : ""}>
              {sentence ?? `Open: ${ENTRY_AREAS[EntryArea[area]]}.`}
            </li>
          );
        })}
      </ul>
      <p className="text-muted text-sm">
        {isInPower ? (
          <>
            The emergency guardian <Copyable value={guardian.account} label="emergency guardian" /> can pause until{" "}
            {formatTime(guardian.until)}, and after each pause not again for as long as maxPause.
          </>
        ) : (
          "There is no emergency guardian: only the DAO can pause, by a proposal."
        )}
      </p>
      {isInPower && table && guardian.account.toLowerCase() === address?.toLowerCase() && (
        <GuardianDesk {...{ pauses }} longest={Number(parameterValue(table, "maxPause"))} />
      )}
    </div>
  );
}
