import type { ReactNode } from "react";
import { PageTabs } from "./page-tabs.tsx";

const TABS = [
  { to: "/proposals", title: "Proposals" },
  { to: "/rounds", title: "Rounds" },
  { to: "/votes", title: "My votes" },
];

/** Heading of the pages of the DAO, with the way from one to the other. */
export function GovernTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <PageTabs title={title} label="Governance" tabs={TABS}>
      {children}
    </PageTabs>
  );
}
