import type { ComponentProps, ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { formatDuration, formatTime } from "../lib/format.ts";
import { AmountForm } from "./amount-form.tsx";

/** Asks how much of what is bonded or delegated leaves, and says when it unlocks. */
export function UnbondingForm({
  holds,
  period,
  onSubmit,
  ...amount
}: Pick<ComponentProps<typeof AmountForm>, "button" | "label" | "most" | "problemOf"> & {
  /** What there is, in a sentence. */
  holds: string;
  /** Seconds until it unlocks. */
  period: number;
  /** Gets chain time, too, in Unix seconds. */
  onSubmit: (amount: bigint, now: number) => void;
}): ReactNode {
  const { seconds } = useChainTime();
  const now = seconds === undefined ? undefined : Math.floor(seconds);
  const at = now === undefined ? "" : ` (${formatTime(now + period)})`;
  return (
    <AmountForm
      {...amount}
      mostLabel="Everything"
      hint={() => `${holds} What leaves now unlocks in ${formatDuration(period)}${at}.`}
      isReady={now !== undefined}
      onSubmit={(wei) => now !== undefined && onSubmit(wei, now)}
    />
  );
}
