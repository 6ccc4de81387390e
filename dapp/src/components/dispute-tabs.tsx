import type { ReactNode } from "react";
import { PageTabs } from "./page-tabs.tsx";

const TABS = [
  { to: "/reports", title: "Reports" },
  { to: "/challenges", title: "Challenges" },
  { to: "/offences", title: "Offences" },
  { to: "/slashes", title: "Slashes" },
];

/** Heading of the pages about reports and disputes, with the way from one to the other. */
export function DisputeTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <PageTabs title={title} label="Reports and disputes" tabs={TABS}>
      {children}
    </PageTabs>
  );
}
