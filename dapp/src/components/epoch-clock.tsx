import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount, formatDuration } from "../lib/format.ts";

const RADIUS = 52;
const LENGTH = 2 * Math.PI * RADIUS;

/** The running epoch as a ring that fills in chain time. */
export function EpochClock(): ReactNode {
  const { config } = useNetwork();
  const { epoch, progress, remaining, stalled } = useChainTime(200);
  const seconds = remaining === undefined ? undefined : Math.ceil(remaining);
  return (
    <div className="flex items-center gap-4">
      <svg viewBox="0 0 120 120" className="size-28 shrink-0 sm:size-32" aria-hidden="true">
        <circle cx="60" cy="60" r={RADIUS} fill="none" stroke="var(--line)" strokeWidth="5" />
        <circle
          cx="60"
          cy="60"
          r={RADIUS}
          fill="none"
          stroke={stalled ? "var(--warn)" : "var(--accent)"}
          strokeWidth="5"
          strokeLinecap="round"
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - progress)}
          transform="rotate(-90 60 60)"
        />
        <text x="60" y="52" textAnchor="middle" fontSize="10" letterSpacing="1" fill="var(--muted)">
          NEXT IN
        </text>
        <text x="60" y="76" textAnchor="middle" fontSize="22" fontWeight="650" fill="var(--ink)">
          {seconds === undefined ? "–" : seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} m`}
        </text>
      </svg>
      <div className="min-w-0" data-testid="epoch-clock">
        <p className="eyebrow">Epoch</p>
        <p className="text-3xl font-semibold tracking-tight" data-testid="epoch">
          {epoch === undefined ? "…" : formatCount(epoch)}
        </p>
        <p className="text-muted text-sm">
          {stalled
            ? "The chain has not made a block for a while."
            : `${formatDuration(config.epoch.lengthSeconds)} each, by chain time`}
        </p>
      </div>
    </div>
  );
}
