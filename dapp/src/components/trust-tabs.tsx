import type { ReactNode } from "react";
import { PageTabs } from "./page-tabs.tsx";

const TABS = [
  { to: "/certificates", title: "Look up" },
  { to: "/my-certificates", title: "My certificates" },
  { to: "/certificate-log", title: "Log" },
];

/** Heading of the pages of certificates, with the way from one to the other. */
export function TrustTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <PageTabs title={title} label="Certificates" tabs={TABS}>
      {children}
    </PageTabs>
  );
}
