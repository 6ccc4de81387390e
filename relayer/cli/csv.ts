/** A value of a table. */
type Cell = string | number | bigint;

/** A table as CSV (RFC 4180): a header, then the rows; fields with commas, quotes or line breaks are quoted. */
export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(field).join(",")).join("\r\n");
}

function field(value: Cell): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
