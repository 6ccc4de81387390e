import type { ReactNode } from "react";
import { PageTabs } from "./page-tabs.tsx";

const TABS = [
  { to: "/committee", title: "Committee" },
  { to: "/parameters", title: "Parameters" },
];

/** Heading of the pages about who decides and by which rules. */
export function RuleTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <PageTabs title={title} label="Committee and rules" tabs={TABS}>
      {children}
    </PageTabs>
  );
}
