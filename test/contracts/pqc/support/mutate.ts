import { flipBit, type Random } from "./random.ts";

/** Flips one bit, sets one byte, or exchanges two bytes of one field. The result may be what it was. */
export function mutate<T extends Record<keyof T, Uint8Array>>(c: T, field: keyof T, random: Random): T {
  const data = Uint8Array.from(c[field]);
  if (data.length === 0) return { ...c, [field]: random.bytes(1) };
  const [kind, at, other] = [random.below(3), random.below(data.length), random.below(data.length)];
  if (kind === 0) return { ...c, [field]: flipBit(data, 8 * at + random.below(8)) };
  const [before, after] = [data[at] ?? 0, data[other] ?? 0];
  data[at] = kind === 1 ? random.below(256) : after;
  if (kind === 2) data[other] = before;
  return { ...c, [field]: data };
}
