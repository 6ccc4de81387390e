import type { ReactNode } from "react";
import { Link } from "react-router";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { epochStart } from "../lib/epoch-schedule.ts";
import { formatCount, formatRelative, formatTime } from "../lib/format.ts";
import type { ReportSummary } from "../lib/network-view.ts";
import { Copyable } from "./copyable.tsx";

/** Newest reports with what they count. */
export function ReportTable({ reports, seats }: { reports: readonly ReportSummary[]; seats: number }): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Epoch</th>
            <th className="num">Attested</th>
            <th className="num">Absent</th>
            <th className="num">Degraded</th>
            <th className="num max-sm:hidden">Signed by</th>
            <th className="max-sm:hidden">Ended</th>
            <th className="max-md:hidden lg:max-xl:hidden">Root</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => {
            const ended = epochStart(config.epoch, report.epoch + 1);
            return (
              <tr key={`${report.epoch}-${report.shard}`}>
                <td className="font-medium">
                  <Link className="link" to={`/reports/${report.shard}/${report.epoch}`}>
                    {formatCount(report.epoch)}
                  </Link>
                  {report.shard > 0 && <span className="text-muted"> · shard {report.shard}</span>}
                </td>
                <td className="num text-ok">{report.attested}</td>
                <td className={`num ${report.absent > 0 ? "text-bad font-semibold" : "text-muted"}`}>
                  {report.absent}
                </td>
                <td className={`num ${report.degraded > 0 ? "text-warn font-semibold" : "text-muted"}`}>
                  {report.degraded}
                </td>
                <td className="num max-sm:hidden">
                  {report.signerCount}
                  {seats > 0 && <span className="text-muted"> of {seats}</span>}
                </td>
                <td className="text-muted whitespace-nowrap max-sm:hidden" title={formatTime(ended)}>
                  {seconds === undefined ? formatTime(ended) : formatRelative(ended, seconds)}
                </td>
                <td className="max-md:hidden lg:max-xl:hidden">
                  <Copyable value={report.root} label={`root of epoch ${report.epoch}`} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
