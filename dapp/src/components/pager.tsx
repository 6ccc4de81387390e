import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** Goes from page to page. */
export function Pager({
  page,
  pages,
  onPage,
}: {
  page: number;
  pages: number;
  onPage: (page: number) => void;
}): ReactNode {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 px-4 py-3">
      <button type="button" className="button button-small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        <Icon name="back" size={15} /> Previous
      </button>
      <span className="text-muted text-sm">
        Page {page} of {pages}
      </span>
      <button type="button" className="button button-small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        Next <Icon name="arrow" size={15} />
      </button>
    </nav>
  );
}
