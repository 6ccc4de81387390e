import type { ReactNode } from "react";
import { NavLink } from "react-router";

/** Heading of a page that belongs together with others, and the way from one to the other. */
export function PageTabs({
  title,
  label,
  tabs,
  children,
}: {
  title: string;
  /** Name of the group of pages. */
  label: string;
  tabs: readonly { to: string; title: string }[];
  /** One or two sentences under the title. */
  children: ReactNode;
}): ReactNode {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h1>{title}</h1>
        <p className="text-muted">{children}</p>
      </div>
      <nav aria-label={label} className="border-line flex flex-wrap gap-1 rounded-lg border p-1">
        {tabs.map(({ to, title: name }) => (
          <NavLink
            key={to}
            to={to}
            className={({ isActive }) =>
              `rounded-md px-3 py-1 text-sm font-medium max-[400px]:px-2 ${isActive ? "bg-accent-soft text-accent" : "text-muted hover:text-ink"}`
            }
          >
            {name}
          </NavLink>
        ))}
      </nav>
    </header>
  );
}
