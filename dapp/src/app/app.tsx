import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type ReactNode, useState } from "react";
import { BrowserRouter, Link, Route, Routes } from "react-router";
import { WagmiProvider } from "wagmi";
import { EmptyState } from "../components/empty-state.tsx";
import { Shell } from "../components/shell.tsx";
import { NetworkContext } from "../hooks/use-network.ts";
import { openNetwork } from "../lib/network-services.ts";
import { walletConfig } from "../lib/wallet-config.ts";
import { NodePage } from "./node-page.tsx";
import { NodesPage } from "./nodes-page.tsx";
import { OperatePage } from "./operate-page.tsx";
import { OverviewPage } from "./overview-page.tsx";

/** The app on a network. */
export function App({ config }: { config: NetworkConfig }): ReactNode {
  const [services] = useState(() => openNetwork(config));
  const [wallets] = useState(() => walletConfig(config));
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 800, staleTime: 1_000 } } }),
  );
  return (
    <WagmiProvider config={wallets}>
      <QueryClientProvider client={queries}>
        <NetworkContext value={services}>
          <BrowserRouter>
            <Routes>
              <Route element={<Shell />}>
                <Route index element={<OverviewPage />} />
                <Route path="nodes" element={<NodesPage />} />
                <Route path="nodes/:index" element={<NodePage />} />
                <Route path="operate" element={<OperatePage />} />
                <Route path="*" element={<NoSuchPage />} />
              </Route>
            </Routes>
          </BrowserRouter>
        </NetworkContext>
      </QueryClientProvider>
    </WagmiProvider>
  );
}

function NoSuchPage(): ReactNode {
  return (
    <EmptyState title="There is no such page">
      <Link className="link" to="/">
        Go to the overview
      </Link>
    </EmptyState>
  );
}
