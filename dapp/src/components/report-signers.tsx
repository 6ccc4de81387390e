import type { ReactNode } from "react";
import type { Address } from "viem";
import { type ReportDetail, signedSeats } from "../lib/report-detail.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";

/** The seats of the committee, and which of them signed. */
export function ReportSigners({
  detail: { signers, report },
  members,
}: {
  detail: ReportDetail;
  members: readonly Address[] | undefined;
}): ReactNode {
  const signed = new Set(signedSeats(signers));
  const seats = members ?? [...signed].map(() => undefined);
  return (
    <Panel
      title="Signers"
      hint={`${signed.size}${members ? ` of ${members.length}` : ""} seats of committee version ${report.committeeVersion} answer for this report`}
    >
      <ul className="grid gap-1.5">
        {seats.map((member, seat) => (
          <li key={seat} className="flex flex-wrap items-center justify-between gap-x-3" data-seat={seat}>
            <span>
              <span className="text-muted">Seat {seat}</span>{" "}
              {member && <Copyable value={member} label={`address of seat ${seat}`} />}
            </span>
            {signed.has(seat) ? (
              <span className="text-ok">✓ signed</span>
            ) : (
              <span className="text-muted">– did not</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
