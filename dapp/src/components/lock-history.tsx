import type { ReactNode } from "react";
import { useLockHistory } from "../hooks/use-lock-history.ts";
import { formatTime, shorten } from "../lib/format.ts";
import type { LockEvent } from "../lib/lock-history.ts";
import { orderWord } from "../lib/order-word.ts";
import { Copyable } from "./copyable.tsx";

/** What happened to lock and root key, newest first. */
export function LockHistory({ identityId }: { identityId: number }): ReactNode {
  const events = useLockHistory(identityId).data ?? [];
  if (events.length === 0) return null;
  return (
    <details>
      <summary className="text-muted text-sm">What happened so far ({events.length})</summary>
      <ol className="mt-2 grid gap-1.5 text-sm">
        {events.map((event) => (
          <li
            key={`${event.transaction}-${event.kind}`}
            className="flex flex-wrap justify-between gap-x-4"
            data-lock-event={event.kind}
          >
            <span>{words(event)}</span>
            <span className="text-muted">
              {event.timestamp !== undefined && `${formatTime(event.timestamp)} · `}
              <Copyable value={event.transaction} label="transaction hash" />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function words({ kind, detail = "" }: LockEvent): string {
  switch (kind) {
    case "Locked":
      return "Locked";
    case "Unlocked":
      return "Unlocked";
    case "UnlockRequested":
      return `Unlock without the root key requested, possible from ${formatTime(BigInt(detail))} on`;
    case "OrderExecuted":
      return `Order of the root key: ${orderWord(detail)}`;
    case "RootKeyChanged":
      return `New root key ${shorten(detail, 10, 8)}`;
  }
}
