import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** Head of a column that orders its table. */
export function SortHeader({
  title,
  className = "",
  order,
  onSort,
}: {
  title: string;
  className?: string;
  /** How the table is ordered by this column now; undefined when it is ordered by another. */
  order: "ascending" | "descending" | undefined;
  onSort: () => void;
}): ReactNode {
  return (
    <th className={className} {...(order && { "aria-sort": order })}>
      <button type="button" className="hover:text-ink inline-flex items-center gap-1" onClick={onSort}>
        {title}
        {order && <Icon name={order === "descending" ? "down" : "up"} size={13} />}
      </button>
    </th>
  );
}
