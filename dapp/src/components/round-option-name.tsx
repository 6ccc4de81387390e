import type { ReactNode } from "react";
import { useDecodedCalls } from "../hooks/use-call-preview.ts";
import type { RoundView } from "../lib/round-view.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import { Copyable } from "./copyable.tsx";

/** What an option of a round would do, in words. */
export function RoundOptionName({ round, index }: { round: RoundView; index: number }): ReactNode {
  const option = round.options[index]!;
  const calls = round.kind === "grants" ? [] : [{ target: option.target, value: 0n, data: option.data }];
  const decoded = useDecodedCalls(calls).data?.[0];
  if (round.kind === "grants" && round.unit) {
    return (
      <>
        At most {formatTokenExact(option.most, round.unit)} for{" "}
        <Copyable value={option.target} label={`receiver of option ${index}`} />
      </>
    );
  }
  return (
    <>
      {decoded?.sentence ?? "…"}
      {decoded?.warnings.map((warning) => (
        <span key={warning} className="text-warn block text-sm">
          {warning}
        </span>
      ))}
    </>
  );
}
