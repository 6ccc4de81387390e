import type { Socket } from "node:net";

import { AddressBook, addressGroup } from "./address-book.ts";
import type { AcceptLimits } from "./transport-limits.ts";

/** A connection whose handshake is not finished. */
export interface Handshake {
  raw: Pick<Socket, "bytesRead">;
  /** Who is behind its address. */
  group: string;
}

/**
 * Slots for handshakes. Whoever has sent nothing yet makes room for whoever comes, and part of the slots is only for
 * addresses from which a peer was verified lately, so that connections alone do not shut anybody out.
 */
export class HandshakeSlots<T extends Handshake> {
  readonly #limits: AcceptLimits;
  readonly #known: AddressBook;
  /** In the order of arrival. */
  readonly #handshakes = new Set<T>();
  readonly #perGroup = new Map<string, number>();

  constructor(limits: AcceptLimits, known = new AddressBook()) {
    this.#limits = limits;
    this.#known = known;
  }

  /**
   * Gives a handshake a slot.
   *
   * @returns The handshake to be cut for it, which may be itself; undefined when there was a slot.
   */
  take(handshake: T): T | undefined {
    const { group } = handshake;
    this.#handshakes.add(handshake);
    this.#perGroup.set(group, this.#countOf(group) + 1);
    const displaced = this.#displacedBy(handshake);
    if (displaced) this.release(displaced);
    return displaced;
  }

  /** Frees the slot of a handshake that ended. */
  release(handshake: T): void {
    if (!this.#handshakes.delete(handshake)) return;
    const others = this.#countOf(handshake.group) - 1;
    if (others === 0) this.#perGroup.delete(handshake.group);
    else this.#perGroup.set(handshake.group, others);
  }

  /** Notes that the peer of a handshake was verified. */
  noteVerified({ group }: T): void {
    this.#known.noteVerified(group);
  }

  #displacedBy(newcomer: T): T | undefined {
    const { group } = newcomer;
    const isNeighbour = (other: T): boolean => other.group === group;
    if (this.#countOf(group) > this.#largestGroup(group)) return this.#oldestSilent(isNeighbour, newcomer) ?? newcomer;
    const { maxHandshakes } = this.#limits;
    const isRoomForStrangers = this.#strangers() <= maxHandshakes - this.#reserved;
    const isRoom = this.#handshakes.size <= maxHandshakes;
    if (isRoom && (isRoomForStrangers || this.#known.isKnown(group))) return undefined;
    return this.#victim(newcomer) ?? newcomer;
  }

  /** Of strangers: the oldest that has sent nothing, else the oldest of the address that has the most. */
  #victim(newcomer: T): T | undefined {
    const isStranger = ({ group }: T): boolean => !this.#known.isKnown(group);
    const silent = this.#oldestSilent(isStranger, newcomer);
    if (silent) return silent;
    const strangers = [...this.#handshakes].filter((other) => other !== newcomer && isStranger(other));
    const most = Math.max(0, ...strangers.map(({ group }) => this.#countOf(group)));
    if (most <= this.#countOf(newcomer.group)) return undefined;
    return strangers.find(({ group }) => this.#countOf(group) === most);
  }

  #oldestSilent(isMeant: (other: T) => boolean, newcomer: T): T | undefined {
    for (const other of this.#handshakes) {
      if (other !== newcomer && other.raw.bytesRead === 0 && isMeant(other)) return other;
    }
    return undefined;
  }

  #strangers(): number {
    let strangers = 0;
    for (const [group, handshakes] of this.#perGroup) if (!this.#known.isKnown(group)) strangers += handshakes;
    return strangers;
  }

  #largestGroup(group: string): number {
    const { maxHandshakesPerAddress } = this.#limits;
    return this.#known.isKnown(group) ? Math.max(maxHandshakesPerAddress, this.#reserved) : maxHandshakesPerAddress;
  }

  get #reserved(): number {
    return Math.min(this.#limits.reservedHandshakes, Math.floor(this.#limits.maxHandshakes / 4));
  }

  #countOf(group: string): number {
    return this.#perGroup.get(group) ?? 0;
  }
}

/** Who is behind the remote end of a socket. */
export function remoteGroup({ remoteAddress }: Pick<Socket, "remoteAddress">): string {
  return addressGroup(remoteAddress ?? "");
}
