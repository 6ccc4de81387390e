import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useSource } from "../hooks/use-network-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useWalletRequest } from "../hooks/use-wallet-request.ts";
import { switchToNetwork } from "../lib/add-network.ts";
import { Notice } from "./notice.tsx";
import { PendingTransactions } from "./pending-transactions.tsx";

/** What concerns every page: a wallet on another network, transactions under way, an indexer that is away, a chain that stands still. */
export function Banners(): ReactNode {
  const source = useSource();
  const { stalled } = useChainTime(5_000);
  return (
    <div className="grid gap-2 empty:hidden">
      <WrongNetwork />
      <PendingTransactions />
      {source === "chain" && (
        <Notice tone="warn">
          The indexer is away: reading the chain directly. Figures are right, but slower, and Trust Scores are missing.
        </Notice>
      )}
      {source === "none" && (
        <Notice tone="warn">
          Neither the indexer nor the chain&rsquo;s RPC endpoint answers. What you see is what was last read; it goes on
          by itself when one of them is back.
        </Notice>
      )}
      {stalled && source !== "none" && (
        <Notice tone="warn">The chain has made no block for a while, or its RPC endpoint does not answer.</Notice>
      )}
    </div>
  );
}

function WrongNetwork(): ReactNode {
  const { config } = useNetwork();
  const { chainId, status } = useConnection();
  const request = useWalletRequest();
  if (status !== "connected" || chainId === config.chainId) return null;
  const action = (
    <button
      type="button"
      className="button button-small"
      disabled={request.pending}
      onClick={() => request.run((wallet) => switchToNetwork(wallet, config))}
    >
      {request.pending ? "Answer in the wallet …" : `Switch to ${config.name}`}
    </button>
  );
  return (
    <Notice tone="warn" action={action}>
      Your wallet is on chain {chainId}; {config.name} is chain {config.chainId}. Nothing can be signed until it
      switches. If your wallet does not know this network, the button adds it.
      {request.problem && <span className="block">{request.problem}</span>}
    </Notice>
  );
}
