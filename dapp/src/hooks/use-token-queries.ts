import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import type { Address } from "viem";
import { chainSeconds } from "../lib/network-services.ts";
import {
  type EmissionView,
  readEmissions,
  readSupply,
  readTokenAccount,
  readVestings,
  type SupplyPart,
  type TokenAccount,
  type VestingView,
} from "../lib/token-view.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;

/** Balance and votes of a wallet. */
export function useTokenAccount(wallet: Address): UseQueryResult<TokenAccount> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "token", wallet],
    queryFn: () => readTokenAccount(services, wallet),
    refetchInterval: POLL_MS,
  });
}

/** Vaults of team and investors. */
export function useVestings(): UseQueryResult<VestingView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "vestings"],
    queryFn: () => readVestings(services),
    refetchInterval: POLL_MS,
  });
}

/** Where the supply is. */
export function useSupply(): UseQueryResult<SupplyPart[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "supply"],
    queryFn: () => readSupply(services),
    refetchInterval: POLL_MS,
  });
}

/** The curve of emissions. */
export function useEmissions(): UseQueryResult<EmissionView> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "emissions"],
    queryFn: async () => readEmissions(services, await chainSeconds(services)),
    refetchInterval: POLL_MS,
  });
}

/** What a wallet holds, and what a contract may take of it without a permit; MESH wei. */
export function useSpendable(
  wallet: Address | undefined,
  spender: Address,
): UseQueryResult<{ mesh: bigint; allowance: bigint }> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "spendable", wallet, spender],
    queryFn: async () => {
      const token = { address: config.contracts.MeshToken, abi: meshTokenAbi } as const;
      const [mesh, allowance] = await Promise.all([
        client.readContract({ ...token, functionName: "balanceOf", args: [wallet!] }),
        client.readContract({ ...token, functionName: "allowance", args: [wallet!, spender] }),
      ]);
      return { mesh, allowance };
    },
    enabled: wallet !== undefined,
    refetchInterval: POLL_MS,
  });
}
