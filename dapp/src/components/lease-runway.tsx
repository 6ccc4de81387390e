import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { epochStart } from "../lib/epoch-schedule.ts";
import { formatCount, formatDuration, formatTime } from "../lib/format.ts";
import { runwayOf } from "../lib/lease-runway.ts";
import type { LeaseStory } from "../lib/lease-story.ts";
import { endOf, type LeaseView } from "../lib/lease-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

const HEADS = {
  pending: "for the provider to accept",
  running: "paid for",
  grace: "of grace left: top up, or the lease ends",
  over: "",
  closed: "",
} as const;

/** How far a lease is paid for, as a clock that runs. */
export function LeaseRunway({ lease, story }: { lease: LeaseView; story: LeaseStory }): ReactNode {
  const { config } = useNetwork();
  const { seconds, epoch } = useChainTime();
  const { unit, balance, rate, record, runway, status } = lease;
  const end = endOf(lease);
  const { phase, until, left, isWhole } = runwayOf(lease, config.epoch, seconds ?? 0);
  const at = (number: number): string => {
    return `epoch ${formatCount(number)}, ${formatTime(epochStart(config.epoch, number))}`;
  };
  return (
    <Panel title="Runway">
      {until !== undefined && seconds !== undefined && (
        <>
          <p>
            <span className="text-3xl font-semibold tracking-tight" data-testid="runway" data-phase={phase}>
              {formatDuration(until - seconds)}
            </span>{" "}
            <span className={phase === "grace" ? "text-bad" : "text-muted"}>
              {HEADS[phase]}
              {phase === "running" && isWhole && ", to the end of the lease"}
            </span>
          </p>
          <div aria-hidden="true" className="bg-line mt-2 h-2 overflow-hidden rounded-full">
            <div
              className={`h-full rounded-full ${left < 0.15 && !isWhole ? "bg-warn" : "bg-accent"}`}
              style={{ width: `${left * 100}%` }}
            />
          </div>
        </>
      )}
      {phase === "over" && (
        <p data-testid="runway" data-phase={phase}>
          It is over and waits to be closed. Relayers do that by themselves; whoever settles it closes it, too.
        </p>
      )}
      <dl className="mt-4 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Fact name="Rent">{formatToken(rate, unit, unit.decimals)} an epoch</Fact>
        {balance > 0n && <Fact name="Not used yet">{formatToken(balance, unit)}</Fact>}
        {status === "Pending" ? (
          <Fact name="Accept by">{at(story.opened.acceptBy)}</Fact>
        ) : (
          lease.start > 0 &&
          status !== "Declined" &&
          status !== "Cancelled" &&
          status !== "NotAccepted" && (
            <>
              <Fact name="Began">{at(lease.start)}</Fact>
              {end !== undefined && (
                <Fact name={status === "Active" ? "Ends before" : "Agreed to end before"}>{at(end)}</Fact>
              )}
            </>
          )
        )}
        {runway && runway.fundedUntil < runway.end && <Fact name="Paid until">{at(runway.fundedUntil)}</Fact>}
        {record.noticeEnd > 0 && (
          <Fact name="Notice">given by the {record.isNoticeByProvider ? "provider" : "client"}</Fact>
        )}
        {lease.janitorFee > 0n && (
          <Fact name="For the janitor, returns unless used">{formatToken(lease.janitorFee, unit)}</Fact>
        )}
        {status === "Active" && epoch !== undefined && epoch < lease.start && (
          <Fact name="Now">begins with the next epoch</Fact>
        )}
      </dl>
    </Panel>
  );
}
