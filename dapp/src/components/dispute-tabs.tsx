import type { ReactNode } from "react";
import { NavLink } from "react-router";

const TABS = [
  { to: "/reports", title: "Reports" },
  { to: "/challenges", title: "Challenges" },
  { to: "/offences", title: "Offences" },
];

/** Heading of the pages about reports and disputes, with the way from one to the other. */
export function DisputeTabs({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h1>{title}</h1>
        <p className="text-muted">{children}</p>
      </div>
      <nav aria-label="Reports and disputes" className="border-line flex gap-1 rounded-lg border p-1">
        {TABS.map(({ to, title: name }) => (
          <NavLink
            key={to}
            to={to}
            className={({ isActive }) =>
              `rounded-md px-3 py-1 text-sm font-medium ${isActive ? "bg-accent-soft text-accent" : "text-muted hover:text-ink"}`
            }
          >
            {name}
          </NavLink>
        ))}
      </nav>
    </header>
  );
}
