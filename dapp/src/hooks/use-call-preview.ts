import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { DecodedCall } from "@pqmesh/contracts/protocol/decode-call";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { CallPreview } from "../lib/call-preview.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which the calls are run again on the newest state. */
const AGAIN_MS = 15_000;

/** What calls say, and what they would do now. @param executableAt Unix seconds. */
export function useCallPreview(calls: readonly GovernanceCall[], executableAt?: number): UseQueryResult<CallPreview> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["call-preview", keyOf(calls), executableAt],
    queryFn: async () => {
      // It knows every contract, which no screen waits for.
      const { previewCalls } = await import("../lib/call-preview.ts");
      return previewCalls(services, calls, executableAt === undefined ? undefined : BigInt(executableAt));
    },
    placeholderData: (previous) => previous,
    refetchInterval: AGAIN_MS,
  });
}

/** What calls say, without running them. @param time Beside calls that are past no present value is told. */
export function useDecodedCalls(
  calls: readonly GovernanceCall[],
  time: "present" | "past" = "present",
): UseQueryResult<DecodedCall[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["decoded-calls", keyOf(calls), time],
    queryFn: async () => (await import("../lib/call-preview.ts")).decodeOnly(services, calls, time),
    staleTime: 60_000,
  });
}

function keyOf(calls: readonly GovernanceCall[]): string[] {
  return calls.map(({ target, value, data }) => `${target}:${value}:${data}`);
}
