import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { Address } from "viem";
import { useNetwork } from "../hooks/use-network.ts";
import { askFaucet } from "../lib/faucet-client.ts";
import { Icon } from "./icon.tsx";

/** Milliseconds for which the faucet's answer stays. */
const WORD_MS = 20_000;

/** Asks the devnet's faucet; absent on every other network. */
export function FaucetButton({ wallet }: { wallet: Address }): ReactNode {
  const { config } = useNetwork();
  const queries = useQueryClient();
  const faucet = useMutation({
    mutationFn: (url: string) => askFaucet(url, wallet),
    onSettled: () => queries.invalidateQueries({ queryKey: ["wallet"] }),
  });
  const { isIdle, isPending, reset } = faucet;
  useEffect(() => {
    if (isIdle || isPending) return undefined;
    const timer = setTimeout(reset, WORD_MS);
    return () => clearTimeout(timer);
  }, [isIdle, isPending, reset]);
  const { faucetUrl } = config;
  if (!faucetUrl) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <button
        type="button"
        className="button whitespace-normal"
        disabled={faucet.isPending}
        onClick={() => faucet.mutate(faucetUrl)}
      >
        <Icon name="drop" />
        {faucet.isPending ? "The faucet is sending …" : "Get test ETH, MESH and TUSD (test dollars)"}
      </button>
      <span role="status" className="text-muted text-sm">
        {faucet.isSuccess && "Arrived. These tokens are worth nothing."}
        {faucet.isError && faucet.error.message}
      </span>
    </div>
  );
}
