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
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-1 sm:px-5">
          <div className="min-w-0 grow basis-44">
            <h2 id={heading}>{title}</h2>
            {hint && <p className="text-muted text-sm">{hint}</p>}
          </div>
          {actions && <div className="flex flex-none items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? "panel-flush pb-1" : `px-4 pb-4 sm:px-5 sm:pb-5 ${title ? "pt-2.5" : "pt-4 sm:pt-5"}`}>
        {children}
      </div>
    </section>
  );
}
