/** Numbers from 0 to 1 by a seed, the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in random order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Items in random order until their weights come as near as possible to a share of all. */
export function drawnShare<T extends { weight: number }>(
  items: readonly T[],
  share: number,
  random: () => number,
): T[] {
  const wanted = share * items.reduce((sum, { weight }) => sum + weight, 0);
  const drawn: T[] = [];
  let sum = 0;
  for (const item of shuffled(items, random)) {
    if (Math.abs(sum + item.weight - wanted) > Math.abs(sum - wanted)) continue;
    drawn.push(item);
    sum += item.weight;
  }
  return drawn;
}
