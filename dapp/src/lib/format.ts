import { formatUnits, getAddress, isAddress } from "viem";

/** Units of the identity house have half the decimals of MESH. */
const WEI_PER_UNIT = 10n ** 9n;

/** MESH wei as text with thin grouping, at most `digits` decimals, never rounded up. */
export function formatMesh(wei: bigint, digits = 2): string {
  const [whole = "0", fraction = ""] = formatUnits(wei, 18).split(".");
  const cut = fraction.slice(0, digits).replace(/0+$/, "");
  const grouped = BigInt(whole).toLocaleString("en-US");
  const text = cut ? `${grouped}.${cut}` : grouped;
  return wei > 0n && text === "0" ? `< 0.${"0".repeat(Math.max(0, digits - 1))}1` : text;
}

/** Units of the identity house (9 decimals) with thin grouping, at most `digits` decimals, never rounded up. */
export function formatVotingUnits(units: bigint, digits = 2): string {
  return formatMesh(units * WEI_PER_UNIT, digits);
}

/** A text that begins a sentence. */
export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Basis points as a percentage. */
export function formatBp(bp: number, digits = 1): string {
  return `${(bp / 100).toFixed(digits)} %`;
}

/** MESH wei as a short text for axes and pictures: 72M, 1.5K. */
export function formatMeshShort(wei: bigint): string {
  return formatShort(Number(formatUnits(wei, 18)));
}

/** A number as a short text for axes and pictures: 72M, 1.5K, 0.02. */
export function formatShort(value: number): string {
  const options = { notation: "compact", maximumSignificantDigits: 4 } as const;
  return value.toLocaleString("en-US", options);
}

/** A share of one as a percentage with as many decimals as its size deserves, never rounded up. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.001) return "< 0.001 %";
  const digits = percent < 0.1 ? 3 : percent < 10 ? 2 : percent < 1_000 ? 1 : 0;
  // What 0.0004 lacks in binary is not cut away.
  const cut = Math.floor(Number((percent * 10 ** digits).toPrecision(12))) / 10 ** digits;
  return `${cut.toLocaleString("en-US", { maximumFractionDigits: digits })} %`;
}

/** An address with its checksum, as wallets show it; any other text as it is. */
export function withChecksum(text: string): string {
  return isAddress(text, { strict: false }) ? getAddress(text) : text;
}

/** First and last characters of a hex value. */
export function shorten(hex: string, lead = 6, tail = 4): string {
  const text = withChecksum(hex);
  return text.length <= lead + tail + 3 ? text : `${text.slice(0, lead)}…${text.slice(-tail)}`;
}

/** A length of time in words: the two largest units. */
export function formatDuration(seconds: number): string {
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** The reader's language, or English where the system's language is not one that browsers know. */
export const LOCALE = usableLocale();

/** Local date and time of a Unix time in seconds; beyond the last year that dates can name, the number itself. */
export function formatTime(unixSeconds: number | bigint): string {
  const date = new Date(Number(unixSeconds) * 1_000);
  if (Number.isNaN(date.getTime())) return `second ${unixSeconds}`;
  return date.toLocaleString(LOCALE, { dateStyle: "medium", timeStyle: "medium" });
}

/** MESH wei as text with grouping and every decimal it has: for previews of what is signed. */
export function formatMeshExact(wei: bigint): string {
  const [whole = "0", fraction] = formatUnits(wei, 18).split(".");
  const grouped = BigInt(whole).toLocaleString("en-US");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** Units of the identity house with every decimal they have: for previews of what is signed. */
export function formatVotingUnitsExact(units: bigint): string {
  return formatMeshExact(units * WEI_PER_UNIT);
}

/** Wei as ETH with grouping and every decimal it has. */
export function formatEther(wei: bigint): string {
  return formatMeshExact(wei);
}

/** A number with grouping. */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/** How long ago or how soon, in words; both in Unix seconds. */
export function formatRelative(unixSeconds: number, nowSeconds: number): string {
  const distance = unixSeconds - nowSeconds;
  if (Math.abs(distance) < 1) return "now";
  return distance > 0 ? `in ${formatDuration(distance)}` : `${formatDuration(-distance)} ago`;
}

/** Microseconds as milliseconds. */
export function formatLatency(micros: number): string {
  return `${(micros / 1_000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
}

function usableLocale(): string | undefined {
  try {
    new Date(0).toLocaleString();
    return undefined;
  } catch {
    return "en-US";
  }
}
