import type { ReactNode } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { epochStart } from "../lib/epoch-schedule.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import type { ReportDetail, ReportStanding } from "../lib/report-detail.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** What a report commits to, checked against the chain in this browser. */
export function ReportFacts({
  detail: { report, digest, submitter, transaction, timestamp },
  standing,
}: {
  detail: ReportDetail;
  standing: ReportStanding | undefined;
}): ReactNode {
  const { config } = useNetwork();
  return (
    <Panel title="What was accepted">
      <dl className="grid gap-3">
        <Fact name="Checked here">
          <Check standing={standing} />
        </Fact>
        <Fact name="Epoch ended">{formatTime(epochStart(config.epoch, Number(report.epoch) + 1))}</Fact>
        {timestamp !== undefined && <Fact name="Accepted">{formatTime(timestamp)}</Fact>}
        <Fact name="Round, committee">
          {report.round} <span className="text-muted">· version {report.committeeVersion}</span>
        </Fact>
        <Fact name="Root over 512 leaves">
          <Copyable value={report.root} label="root" lead={10} tail={8} />
        </Fact>
        <Fact name="Digest (EIP-712)">
          <Copyable value={digest} label="digest" lead={10} tail={8} />
        </Fact>
        <Fact name="Beacon">
          <Copyable value={report.beacon} label="beacon" lead={10} tail={8} />{" "}
          <span className="text-muted">block {formatCount(report.beaconBlock)}</span>
        </Fact>
        <Fact name="Submitted by">
          <Copyable value={submitter} label="address of the submitter" />
        </Fact>
        <Fact name="Transaction">
          <Copyable value={transaction} label="transaction hash" lead={10} tail={8} />
        </Fact>
      </dl>
    </Panel>
  );
}

function Check({ standing }: { standing: ReportStanding | undefined }): ReactNode {
  if (!standing) return <span className="text-muted">asking the chain …</span>;
  const { isCommitted, isForged } = standing;
  return (
    <span data-testid="report-check" data-holds={isCommitted} className="block">
      {isCommitted ? (
        <span className="text-ok">
          ✓ Digest and signers, computed in your browser, are those that the bridge holds.
        </span>
      ) : (
        <span className="text-bad">
          ✗ The bridge committed to something else than what is shown here: do not rely on this page.
        </span>
      )}
      {isForged && (
        <span className="text-bad block">
          ✗ A leaf of this report was proven invalid or withheld: its signers answer for it.
        </span>
      )}
    </span>
  );
}
