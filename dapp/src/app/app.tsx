import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type ReactNode, Suspense, useState } from "react";
import { BrowserRouter, Link, Outlet, Route, Routes, useLocation } from "react-router";
import { WagmiProvider } from "wagmi";
import { EmptyState } from "../components/empty-state.tsx";
import { Shell } from "../components/shell.tsx";
import { NetworkContext } from "../hooks/use-network.ts";
import { openNetwork } from "../lib/network-services.ts";
import { walletConfig } from "../lib/wallet-config.ts";
import { CrashBoundary } from "./crash-boundary.tsx";
import {
  AuthorityPage,
  CertificateLogPage,
  CertificatePage,
  CertificatesPage,
  ChallengePage,
  ChallengesPage,
  CommitteePage,
  DelegatePage,
  LeaseDisputesPage,
  LeasePage,
  LeasesPage,
  ListingPage,
  MarketPage,
  NewProposalPage,
  NodePage,
  NodesPage,
  OffencesPage,
  OperatePage,
  OverviewPage,
  OwnCertificatesPage,
  ParametersPage,
  ProposalPage,
  ProposalsPage,
  ProvidePage,
  ReportPage,
  ReportsPage,
  RoundPage,
  RoundsPage,
  SlashesPage,
  TokenPage,
  VotesPage,
} from "./pages.ts";

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
              <Route
                element={
                  <Shell>
                    <CurrentPage />
                  </Shell>
                }
              >
                <Route index element={<OverviewPage />} />
                <Route path="nodes" element={<NodesPage />} />
                <Route path="nodes/:index" element={<NodePage />} />
                <Route path="reports" element={<ReportsPage />} />
                <Route path="reports/:shard/:epoch" element={<ReportPage />} />
                <Route path="challenges" element={<ChallengesPage />} />
                <Route path="challenges/:id" element={<ChallengePage />} />
                <Route path="offences" element={<OffencesPage />} />
                <Route path="slashes" element={<SlashesPage />} />
                <Route path="delegate" element={<DelegatePage />} />
                <Route path="token" element={<TokenPage />} />
                <Route path="committee" element={<CommitteePage />} />
                <Route path="parameters" element={<ParametersPage />} />
                <Route path="operate" element={<OperatePage />} />
                <Route path="market" element={<MarketPage />} />
                <Route path="market/:id" element={<ListingPage />} />
                <Route path="leases" element={<LeasesPage />} />
                <Route path="leases/:id" element={<LeasePage />} />
                <Route path="provide" element={<ProvidePage />} />
                <Route path="lease-disputes" element={<LeaseDisputesPage />} />
                <Route path="proposals" element={<ProposalsPage />} />
                <Route path="proposals/new" element={<NewProposalPage />} />
                <Route path="proposals/:id" element={<ProposalPage />} />
                <Route path="rounds" element={<RoundsPage />} />
                <Route path="rounds/:id" element={<RoundPage />} />
                <Route path="votes" element={<VotesPage />} />
                <Route path="certificates" element={<CertificatesPage />} />
                <Route path="certificates/:serial" element={<CertificatePage />} />
                <Route path="my-certificates" element={<OwnCertificatesPage />} />
                <Route path="authorities/:id" element={<AuthorityPage />} />
                <Route path="certificate-log" element={<CertificateLogPage />} />
                <Route path="*" element={<NoSuchPage />} />
              </Route>
            </Routes>
          </BrowserRouter>
        </NetworkContext>
      </QueryClientProvider>
    </WagmiProvider>
  );
}

/**
 * The page of the address. While the code of the next page is fetched the old one stays (the router changes pages in a transition), so the
 * blank one is seen only at the very start. A page that breaks leaves the navigation usable.
 */
function CurrentPage(): ReactNode {
  const { pathname } = useLocation();
  return (
    <Suspense fallback={<div className="min-h-dvh" aria-busy="true" />}>
      <CrashBoundary key={pathname}>
        <Outlet />
      </CrashBoundary>
    </Suspense>
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
