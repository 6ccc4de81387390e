import type { ReactNode } from "react";
import { NavLink, useLocation } from "react-router";
import { useLiveUpdates } from "../hooks/use-live-updates.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useTheme } from "../hooks/use-theme.ts";
import { Banners } from "./banners.tsx";
import { ChainGuard } from "./chain-guard.tsx";
import { Copyable } from "./copyable.tsx";
import { Icon } from "./icon.tsx";
import { WalletMenu } from "./wallet-menu.tsx";

const PAGES = [
  { to: "/", title: "Overview" },
  { to: "/nodes", title: "Nodes" },
  { to: "/reports", title: "Reports", also: /^\/(challenges|offences|slashes)/ },
  { to: "/market", title: "Market", also: /^\/(leases|provide|lease-disputes)/ },
  { to: "/delegate", title: "Delegate" },
  { to: "/token", title: "Token" },
  { to: "/proposals", title: "Govern", also: /^\/(votes|rounds)/ },
  { to: "/operate", title: "Operate" },
  { to: "/certificates", title: "Trust", also: /^\/(my-certificates|certificate-log|authorities)/ },
  { to: "/committee", title: "Committee", also: /^\/parameters/ },
];

/** What surrounds every page. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  useLiveUpdates();
  return (
    <>
      <a
        href="#content"
        className="bg-accent text-accent-ink fixed top-2 left-2 z-50 -translate-y-20 rounded-md px-4 py-2 focus:translate-y-0"
      >
        Skip to the content
      </a>
      <Header />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto grid w-full max-w-[77rem] gap-4 px-3 py-4 outline-none sm:px-6 sm:py-6"
      >
        <ChainGuard>
          <Banners />
          {children}
        </ChainGuard>
      </main>
      <Footer />
    </>
  );
}

function Header(): ReactNode {
  const { theme, toggle } = useTheme();
  const { pathname } = useLocation();
  return (
    <header className="border-line bg-paper/90 sticky top-0 z-30 border-b backdrop-blur">
      <div className="mx-auto flex max-w-[77rem] flex-wrap items-center gap-x-5 gap-y-1 px-3 py-2 sm:px-6">
        <NavLink
          to="/"
          className="flex items-center gap-2 py-1 font-semibold tracking-tight"
          aria-label="PQMesh, overview"
        >
          <img src="/icon.svg" alt="" className="size-7" />
          <span className="max-[400px]:sr-only">PQMesh</span>
        </NavLink>
        <nav aria-label="Pages" className="order-3 flex flex-wrap gap-x-0.5 max-lg:w-full lg:order-none">
          {PAGES.map(({ to, title, also }) => (
            <NavLink
              key={to}
              to={to}
              end={to === "/"}
              className={({ isActive }) =>
                `rounded-md px-2.5 py-1.5 font-medium max-sm:px-2 max-sm:py-1 ${isActive || also?.test(pathname) ? "bg-accent-soft text-accent" : "text-muted hover:text-ink"}`
              }
            >
              {title}
            </NavLink>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          <button
            type="button"
            className="button button-quiet px-2"
            aria-label={theme === "dark" ? "Use the light theme" : "Use the dark theme"}
            onClick={toggle}
          >
            <Icon name={theme === "dark" ? "sun" : "moon"} />
          </button>
          <WalletMenu />
        </div>
      </div>
    </header>
  );
}

function Footer(): ReactNode {
  const { config } = useNetwork();
  return (
    <footer className="text-muted mx-auto flex max-w-[77rem] flex-wrap items-center justify-between gap-x-6 gap-y-1 px-3 pt-2 pb-8 text-sm sm:px-6">
      <p>
        {config.name} · chain {config.chainId} · registry{" "}
        <Copyable value={config.contracts.NodeRegistry} label="address of the registry" />
      </p>
      <p>Any attestation can be checked in your browser: press Verify on a node.</p>
    </footer>
  );
}
