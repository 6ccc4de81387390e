import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import { type OperatorAccount, readBalances, readOperator, type WalletBalances } from "../lib/operator-view.ts";
import {
  type OfferedOperator,
  type PendingWallets,
  readOfferedOperators,
  readPendingWallets,
} from "../lib/pending-wallets.ts";
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

/** Owner and payout address that were proposed for an operator. */
export function usePendingWallets(identityId: number): UseQueryResult<PendingWallets> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "pending-wallets", identityId],
    queryFn: () => readPendingWallets(services, identityId),
    refetchInterval: 6_000,
  });
}

/** Operators that were handed over to a wallet. */
export function useOfferedOperators(wallet: Address): UseQueryResult<OfferedOperator[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "offered-operators", wallet],
    queryFn: () => readOfferedOperators(services, wallet),
    refetchInterval: 6_000,
  });
}
