import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useCertificateStory } from "../hooks/use-certificate-queries.ts";
import type { CertificateChange } from "../lib/certificate-list.ts";
import { serialHex, shortSerial } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const WORDS: Readonly<Record<CertificateChange["kind"], string>> = {
  Issued: "Issued",
  Rotated: "Replaced by a newer one",
  Revoked: "Revoked",
  Held: "Put on hold",
  Released: "Released",
};

/** What happened to a certificate, each with its entry in the log. */
export function CertificateHistory({ serial }: { serial: bigint }): ReactNode {
  const story = useCertificateStory(serial);
  return (
    <Panel title="History" hint="Every change is an entry of the transparency log">
      <QueryView query={story}>
        {({ changes, replaces, replacedBy }) => (
          <div className="grid gap-3">
            <ol className="grid gap-2">
              {changes.map((change) => (
                <Change key={`${change.logIndex}-${change.kind}`} {...{ change }} />
              ))}
            </ol>
            {replaces !== undefined && <Neighbour words="It took the place of" serial={replaces} />}
            {replacedBy !== undefined && <Neighbour words="Its place was taken by" serial={replacedBy} />}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function Change({ change }: { change: CertificateChange }): ReactNode {
  const { kind, sender, reason, effectiveAt, logIndex, timestamp } = change;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3" data-change={kind}>
      <span className="font-medium">{WORDS[kind]}</span>
      {timestamp !== undefined && <span className="text-muted text-sm">{formatTime(timestamp)}</span>}
      {kind === "Revoked" && reason !== undefined && (
        <span className="text-sm">
          {reasonWords(reason)}
          {effectiveAt !== undefined && effectiveAt !== timestamp && `, from ${formatTime(effectiveAt)} on`}
        </span>
      )}
      {sender && (
        <span className="text-muted text-sm">
          by <Copyable value={sender} label="sender" />
        </span>
      )}
      <Link className="link text-sm" to={`/certificate-log?entry=${logIndex}`}>
        entry {logIndex}
      </Link>
    </li>
  );
}

function Neighbour({ words, serial }: { words: string; serial: bigint }): ReactNode {
  return (
    <p className="text-sm">
      {words}{" "}
      <Link className="link font-mono" to={`/certificates/${serialHex(serial)}`}>
        {shortSerial(serial)}
      </Link>
    </p>
  );
}
