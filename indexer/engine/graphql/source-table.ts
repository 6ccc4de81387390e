import type { EntityType } from "../schema/entity-schema.ts";
import { BLOCK_COLUMN, columnNames, entityTable, historyTable } from "../store/table-layout.ts";

/** Table of a type's entities now, or the expression for their state at a past block. */
export function sourceTable(type: EntityType, at: number | undefined): string {
  if (at === undefined) return entityTable(type);
  const columns = columnNames(type).join(", ");
  return (
    `(SELECT ${columns}, ${BLOCK_COLUMN} FROM ${entityTable(type)} WHERE ${BLOCK_COLUMN} <= ${at} ` +
    `UNION ALL SELECT ${columns}, "$from" FROM ${historyTable(type)} WHERE "$from" <= ${at} AND "$to" > ${at})`
  );
}
