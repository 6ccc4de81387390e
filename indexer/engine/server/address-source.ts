import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that name its subscriber, who has all addresses below. */
const SUBSCRIBER_GROUPS = 4;
const GROUPS = 8;

/** Who an address counts as: an IPv4 address itself, also when it is written as IPv6; the /64 of any other. */
export function sourceOf(address: string): string {
  const text = address.toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(text)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(text)) return text;
  const [head = [], tail] = text.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = new Array<string>(GROUPS).fill("0").slice(head.length + (tail?.length ?? 0));
  const groups = tail === undefined ? head : [...head, ...zeros, ...tail];
  return groups.slice(0, SUBSCRIBER_GROUPS).join(":");
}
