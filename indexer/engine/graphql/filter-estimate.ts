import type { SqlValue } from "../store/column-codec.ts";
import { entityTable } from "../store/table-layout.ts";
import type { FilterOperator } from "./filter-operators.ts";
import type { ListArguments } from "./list-arguments.ts";
import type { FilterScope } from "./sql-filter.ts";
import { filterCondition } from "./sql-filter.ts";

/** Runs a statement on the state that the query is answered from. */
type Run = (sql: string, values: readonly SqlValue[]) => SqlValue[][];

interface Probe {
  readonly run: Run;
  readonly scope: FilterScope;
  /** Matches at which counting stops. */
  readonly limit: number;
}

/** Comparisons that an index answers. */
const INDEXED: ReadonlySet<FilterOperator> = new Set(["", "gt", "lt", "gte", "lte", "in"]);

/**
 * Whether a list is better found by its filter and then sorted than read in its order until enough entities match. The
 * first way reads the `m` matches, the second `page * total / m` entities, so that the first wins while `m` squared is
 * below `page * total`; SQLite, which does not know `m`, prefers the second.
 */
export function prefersFilter(run: Run, scope: FilterScope, list: ListArguments): boolean {
  if (list.where === undefined || !isIndexed(run)) return false;
  const [largest] = run(`SELECT max(rowid) FROM ${entityTable(scope.type)}`, []);
  const limit = Math.floor(Math.sqrt((list.first + list.skip) * Number(largest?.[0] ?? 0)));
  const matches = countMatches({ run, scope, limit }, list.where);
  return matches !== undefined && matches < limit;
}

/** The indexes of filters are made after the first catch-up. */
function isIndexed(run: Run): boolean {
  return run("SELECT 1 FROM meta WHERE key = 'indexed' AND value = 'true'", []).length > 0;
}

/** Upper bound of the entities that a filter matches; undefined when no index can tell. */
function countMatches(probe: Probe, where: Readonly<Record<string, unknown>>): number | undefined {
  const counts = Object.entries(where).map(([key, value]) => countCondition(probe, key, value));
  return smallest(counts);
}

function countCondition({ run, scope, limit }: Probe, key: string, value: unknown): number | undefined {
  if (key === "and" || key === "or") {
    const parts = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    const counts = parts.map((part) => countMatches({ run, scope, limit }, part));
    if (key === "and") return smallest(counts);
    return counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }
  const input = scope.api.types.get(scope.typeName)?.filters.get(key);
  if (input === undefined || input.field.list || value === null || !INDEXED.has(input.operator)) return undefined;
  const condition = filterCondition(scope, { [key]: value });
  const matching = `SELECT 1 FROM ${entityTable(scope.type)} ${scope.alias} WHERE ${condition.sql} LIMIT ${limit}`;
  const [row] = run(`SELECT count(*) FROM (${matching})`, condition.values);
  return Number(row?.[0]);
}

function smallest(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
