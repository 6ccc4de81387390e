/** Unix seconds as text; beyond the last year that dates can name, the number itself. */
export function isoTime(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString();
}
