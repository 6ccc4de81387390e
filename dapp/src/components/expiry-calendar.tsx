import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { endOf, expiryDays, isDue, isReplaced } from "../lib/certificate-days.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";
import { formatRelative, LOCALE } from "../lib/format.ts";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Panel } from "./panel.tsx";

/** When certificates expire, day by day. */
export function ExpiryCalendar({ certificates }: { certificates: readonly CertificateView[] }): ReactNode {
  const { seconds = 0 } = useChainTime();
  const days = expiryDays(certificates, seconds);
  const rows = () =>
    days.flatMap(({ certificates: ofDay }) =>
      ofDay.map((certificate) => [
        serialHex(certificate.serial),
        subjectWords(certificate.kind, certificate.subject),
        new Date(endOf(certificate) * 1_000).toISOString(),
      ]),
    );
  return (
    <Panel
      title="Expiry calendar"
      hint="Agents renew those of nodes by themselves when a third of the life is left; your operator's is rotated below"
      actions={<CsvButton file="pqmesh-certificates.csv" header={["serial", "subject", "expiresAt"]} rows={rows} />}
    >
      {days.length === 0 ? (
        <EmptyState title="Nothing that could expire" />
      ) : (
        <ol className="grid gap-4">
          {days.map(({ day, date, certificates: ofDay }) => (
            <li key={day} className="grid gap-2 sm:grid-cols-[4.5rem_1fr]" data-expiry={day}>
              <div className="bg-well h-fit rounded-lg px-3 py-1.5 text-center max-sm:flex max-sm:gap-2">
                <p className="eyebrow">{date.toLocaleDateString(LOCALE, { month: "short" })}</p>
                <p className="text-xl leading-tight font-semibold max-sm:text-base">{date.getDate()}</p>
              </div>
              <ul className="grid content-center gap-1">
                {ofDay.map((certificate) => (
                  <li key={String(certificate.serial)}>
                    {subjectWords(certificate.kind, certificate.subject)}{" "}
                    <span className={`text-sm ${isDue(certificate, seconds) ? "text-warn" : "text-muted"}`}>
                      {formatRelative(endOf(certificate), seconds)}
                      {isDue(certificate, seconds) && ", renewal is due"}
                      {isReplaced(certificate, seconds) && ", replaced by a newer one"}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
