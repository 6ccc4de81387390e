import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { Address } from "viem";
import { chainSeconds } from "../lib/network-services.ts";
import {
  type DraftFacts,
  needsApproval,
  type ProposerStanding,
  readDraftFacts,
  readProposer,
  readTypedTokens,
} from "../lib/proposal-terms.ts";
import type { TokenUnit } from "../lib/token-amount.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;

/** What a new proposal is checked against. */
export function useDraftFacts(): UseQueryResult<DraftFacts> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["draft-facts"],
    queryFn: async () => readDraftFacts(services, await chainSeconds(services)),
    refetchInterval: 30_000,
  });
}

/** What the connected wallet brings to a proposal. */
export function useProposer(wallet: Address | undefined): UseQueryResult<ProposerStanding> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "proposer", wallet],
    queryFn: () => readProposer(services, wallet!),
    enabled: wallet !== undefined,
    refetchInterval: POLL_MS,
  });
}

/** Tokens that were typed, by address in lower case; empty until they are read. */
export function useTypedTokens(addresses: readonly Address[]): ReadonlyMap<string, TokenUnit | undefined> {
  const services = useNetwork();
  const query = useQuery({
    queryKey: ["typed-tokens", addresses],
    queryFn: () => readTypedTokens(services, addresses),
    enabled: addresses.length > 0,
    staleTime: 60_000,
  });
  return query.data ?? new Map();
}

/** Whether the approver must approve any of the calls. */
export function useNeedsApproval(calls: readonly GovernanceCall[]): UseQueryResult<boolean> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["needs-approval", calls.map(({ target, data }) => `${target}:${data.slice(0, 10)}`)],
    queryFn: () => needsApproval(services, calls),
    enabled: calls.length > 0,
    placeholderData: (previous) => previous,
  });
}
