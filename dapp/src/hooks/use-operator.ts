import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type OperatorAccount, readBalances, readOperator, type WalletBalances } from "../lib/operator-view.ts";
import { useNetwork } from "./use-network.ts";

/** Balances of the connected wallet, read from the chain. */
export function useBalances(wallet: Address | undefined): UseQueryResult<WalletBalances> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "balances", wallet],
    queryFn: () => readBalances(services, wallet!),
    enabled: wallet !== undefined,
    refetchInterval: 6_000,
  });
}

/** Operator that the connected wallet acts for, read from the chain; null when there is none. */
export function useOperator(wallet: Address | undefined): UseQueryResult<OperatorAccount | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "operator", wallet],
    queryFn: async () => (await readOperator(services, services.indexer, wallet!)) ?? null,
    enabled: wallet !== undefined,
    refetchInterval: 6_000,
  });
}
