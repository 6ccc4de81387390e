import type { ProbedEpoch } from "@pqmesh/contracts/protocol/probe-journal";
import { type ReactNode, useState } from "react";
import { useCommitteeView } from "../hooks/use-lease-queries.ts";
import { formatCount } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { doubtSentence, type JournalReading, MAX_JOURNAL_BYTES, readJournal, SHOWN_EPOCHS } from "../lib/probe-view.ts";
import { Copyable } from "./copyable.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { ProbeRows } from "./probe-rows.tsx";
import { QueryView } from "./query-view.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";

/** The client's own probes of a lease beside what the committee says of the same epochs. */
export function ProbePanel({ lease }: { lease: LeaseView }): ReactNode {
  const [reading, setReading] = useState<JournalReading>();
  return (
    <Panel
      title="Own probes"
      hint="Whether the endpoint answered its client, beside what the committee says of the node in the same epochs"
    >
      <div className="grid gap-3">
        {reading && "epochs" in reading ? (
          <Compared lease={lease} epochs={reading.epochs} />
        ) : (
          <p className="text-muted">
            The client probes with{" "}
            <Copyable
              value={`npx pqmesh lease probe ${lease.id} --key delivery-key.json --every 5 --count 60`}
              label="command"
              full
            />{" "}
            and gets the journal lease-{lease.id}-probes.jsonl. It stays in this browser.
          </p>
        )}
        <div>
          <SignatureFileField
            testId="probe-journal"
            label={reading && "epochs" in reading ? "Load another journal" : "Load the journal"}
            accept=".jsonl,.json,application/json"
            maxBytes={MAX_JOURNAL_BYTES}
            onFile={(file) =>
              setReading("problem" in file ? { problem: file.problem } : readJournal(file.text, lease.id))
            }
          />
        </div>
        {reading && "problem" in reading && <p className="text-bad text-sm">{reading.problem}</p>}
      </div>
    </Panel>
  );
}

function Compared({ lease, epochs }: { lease: LeaseView; epochs: readonly ProbedEpoch[] }): ReactNode {
  const shown = epochs.slice(-SHOWN_EPOCHS);
  const committee = useCommitteeView(
    lease.nodeIndex,
    shown.map(({ epoch }) => epoch),
  );
  return (
    <QueryView query={committee} height="8rem">
      {(statuses) => {
        const doubt = doubtSentence(shown, statuses);
        return (
          <div className="grid gap-3">
            {shown.length < epochs.length && (
              <p className="text-muted text-sm">
                The newest {formatCount(shown.length)} of {formatCount(epochs.length)} probed epochs.
              </p>
            )}
            <ProbeRows epochs={shown} statuses={statuses} />
            {doubt && <Notice tone="warn">{doubt}</Notice>}
          </div>
        );
      }}
    </QueryView>
  );
}
