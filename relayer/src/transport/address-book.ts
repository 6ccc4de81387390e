import { isIPv6 } from "node:net";

/** How long an address stays known after a peer behind it was verified, milliseconds. */
const KNOWN_FOR_MS = 3_600_000;
/** Addresses remembered at most; the one verified longest ago goes first. */
const MOST_KNOWN = 4_096;
/** Hextets of an IPv6 address that name the network of one subscriber (RFC 6177). */
const SUBSCRIBER_HEXTETS = 4;

/** Remembers from where peers that were verified came. */
export class AddressBook {
  readonly #now: () => number;
  /** Monotonic time of the newest verification by group; oldest first. */
  readonly #verified = new Map<string, number>();

  /** @param now Monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Notes that a peer behind an address was verified. */
  noteVerified(group: string): void {
    this.#verified.delete(group);
    this.#verified.set(group, this.#now());
    const oldest = this.#verified.keys().next().value;
    if (this.#verified.size > MOST_KNOWN && oldest !== undefined) this.#verified.delete(oldest);
  }

  /** True when a peer behind an address was verified lately. */
  isKnown(group: string): boolean {
    const at = this.#verified.get(group);
    return at !== undefined && this.#now() - at < KNOWN_FOR_MS;
  }
}

/** Who is behind an address: an IPv4 address, or the /64 network of an IPv6 address. */
export function addressGroup(address: string): string {
  const [plain = ""] = address.toLowerCase().split("%");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const front = hextets(head);
  const back = hextets(tail ?? "");
  const zeros = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill("0");
  return `${[...front, ...zeros, ...back].slice(0, SUBSCRIBER_HEXTETS).join(":")}::/64`;
}

function hextets(text: string): string[] {
  return text === "" ? [] : text.split(":").flatMap((part) => (part.includes(".") ? ["0", "0"] : [shorten(part)]));
}

function shorten(hextet: string): string {
  return hextet.replace(/^0+(?=.)/, "");
}
