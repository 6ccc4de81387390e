import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { useEffect, useRef, useState } from "react";

/** Calls once they have not changed for a while: what is typed is not run letter by letter. */
export function useSettledCalls(calls: readonly GovernanceCall[], afterMs: number): readonly GovernanceCall[] {
  const [settled, setSettled] = useState(calls);
  const newest = useRef(calls);
  const key = calls.map(({ target, value, data }) => `${target}:${value}:${data}`).join();
  useEffect(() => {
    newest.current = calls;
  });
  useEffect(() => {
    const timer = setTimeout(() => setSettled(newest.current), afterMs);
    return () => clearTimeout(timer);
  }, [key, afterMs]);
  return settled;
}
