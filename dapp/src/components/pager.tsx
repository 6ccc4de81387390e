import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** Goes from page to page. */
export function Pager({
  page,
  pages,
  onPage,
}: {
  page: number;
  /** How many there are; when nobody counted them, whether there is another. */
  pages: number | { more: boolean };
  onPage: (page: number) => void;
}): ReactNode {
  const isLast = typeof pages === "number" ? page >= pages : !pages.more;
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 px-4 py-3">
      <button type="button" className="button button-small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        <Icon name="back" size={15} /> Previous
      </button>
      <span className="text-muted text-sm">
        Page {page}
        {typeof pages === "number" && ` of ${pages}`}
      </span>
      <button type="button" className="button button-small" disabled={isLast} onClick={() => onPage(page + 1)}>
        Next <Icon name="arrow" size={15} />
      </button>
    </nav>
  );
}
