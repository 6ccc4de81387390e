import { type ReactNode, useId } from "react";

/** What a panel shows around its content. */
export interface PanelProps {
  title?: string;
  /** Right of the title. */
  actions?: ReactNode;
  /** One sentence under the title. */
  hint?: ReactNode;
  /** Without padding, for tables. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A section of a page with a heading. */
export function Panel({ title, actions, hint, flush = false, className = "", children }: PanelProps): ReactNode {
  const heading = useId();
  return (
    <section className={`panel ${className}`} {...(title && { "aria-labelledby": heading })}>
      {title && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-1 sm:px-5">
          <div className="min-w-0">
            <h2 id={heading}>{title}</h2>
            {hint && <p className="text-muted text-sm">{hint}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? "pb-1" : "p-4 sm:p-5"}>{children}</div>
    </section>
  );
}
