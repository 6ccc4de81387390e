import { useCallback, useState } from "react";
import { useConnection } from "wagmi";
import type { WalletRequester } from "../lib/add-network.ts";

/** Asks the connected wallet for something that is not a transaction. */
export function useWalletRequest(): {
  run: (ask: (wallet: WalletRequester) => Promise<void>) => void;
  pending: boolean;
  problem?: string;
} {
  const { connector } = useConnection();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = useCallback(
    (ask: (wallet: WalletRequester) => Promise<void>) => {
      const work = async (): Promise<void> => {
        setPending(true);
        setProblem(undefined);
        try {
          await ask((await connector?.getProvider()) as WalletRequester);
        } catch (error) {
          setProblem((await import("../lib/error-sentences.ts")).explainError(error).sentence);
        } finally {
          setPending(false);
        }
      };
      void work();
    },
    [connector],
  );
  return { run, pending, ...(problem && { problem }) };
}
