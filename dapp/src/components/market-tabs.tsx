import type { ReactNode } from "react";
import { PageTabs } from "./page-tabs.tsx";

const TABS = [
  { to: "/market", title: "Browse" },
  { to: "/leases", title: "My leases" },
  { to: "/provide", title: "Provide" },
  { to: "/lease-disputes", title: "Disputes" },
];

/** Heading of the pages of the marketplace, with the way from one to the other. */
export function MarketTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <PageTabs title={title} label="Marketplace" tabs={TABS}>
      {children}
    </PageTabs>
  );
}
