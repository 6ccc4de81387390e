import { AWAKE, DAY, ETHER_PER_GAS, MESH_PER_ETHER, YIELD } from "./assumptions.ts";
import type { World } from "./attempt.ts";
import { type Population, populate } from "./population.ts";
import { drawnShare, seededRandom, shuffled } from "./seeded.ts";
import { deployStage, type Stage } from "./stage.ts";
import { STRATEGIES, type Strategy } from "./strategies.ts";

/** What an attack is worth on average over all worlds: MESH. */
export interface AttackFigures {
  strategy: Strategy;
  /** Expected value of the attack. */
  attacker: number;
  /** Expected value of the same MESH, staked for the same time. */
  honest: number;
  /** Expected value of the attack without the defence. */
  control: number;
  /** Share of the worlds in which the attack succeeded, with the defence and without it. */
  successes: number;
  controlSuccesses: number;
}

/** How much is simulated. */
export interface Scale {
  seed: number;
  populations: number;
  /** Worlds of each population. */
  worlds: number;
}

interface Sample {
  attacker: number;
  honest: number;
  isSuccess: boolean;
}

/** Shares that are awake, spread evenly over a range: one for each world. */
function strata([least, most]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => least + ((most - least) * (i + 0.5)) / count);
}

const EARLY_SHARE = 0.1;

/** All worlds of a population, of which every strategy sees the same. */
function worldsOf(population: Population, shares: [number, number][], random: () => number): World[] {
  return shares.map(([identities, tokens]) => {
    const awake = drawnShare(population.identities, identities, random);
    return {
      awake,
      asleep: population.identities.filter((person) => !awake.includes(person)),
      awakeHolders: drawnShare(population.holders, tokens, random),
      early: drawnShare(awake, EARLY_SHARE / identities, random),
    };
  });
}

/** Tries an attack in every world, from the same state each time. */
async function tryOut(
  stage: Stage,
  population: Population,
  { strategy, isControl, worlds }: { strategy: Strategy; isControl: boolean; worlds: World[] },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const clean = await stage.checkpoint();
  const startedAt = await stage.time.latest();
  const plan = await strategy.prepare(stage, population, isControl);
  const prepared = await stage.checkpoint();
  for (const world of worlds) {
    const { gain, bribes, bondsLost, gas, endedAt } = await plan.attempt(world);
    const years = (endedAt - startedAt + plan.exitSeconds) / (365 * DAY);
    const honest = plan.capital * YIELD * years;
    const gasCost = (plan.gas + gas) * ETHER_PER_GAS * MESH_PER_ETHER;
    samples.push({ attacker: gain - bribes - bondsLost - gasCost, honest, isSuccess: gain > 0 });
    await prepared();
  }
  await clean();
  return samples;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function figuresOf(strategy: Strategy, shipped: Sample[], control: Sample[]): AttackFigures {
  return {
    strategy,
    attacker: Math.round(mean(shipped.map(({ attacker }) => attacker))),
    honest: Math.round(mean(shipped.map(({ honest }) => honest))),
    control: Math.round(mean(control.map(({ attacker }) => attacker))),
    successes: mean(shipped.map(({ isSuccess }) => Number(isSuccess))),
    controlSuccesses: mean(control.map(({ isSuccess }) => Number(isSuccess))),
  };
}

/** Carries out every attack in every world, with its defence and without it. */
export async function measureAttacks(
  { seed, populations, worlds }: Scale,
  strategies: readonly Strategy[] = STRATEGIES,
): Promise<AttackFigures[]> {
  const stage = await deployStage();
  const empty = await stage.checkpoint();
  const random = seededRandom(seed);
  const count = populations * worlds;
  const tokens = shuffled(strata(AWAKE.tokens, count), random);
  const shares = strata(AWAKE.identities, count).map((share, i): [number, number] => [share, tokens[i] ?? share]);
  const samples = strategies.map((strategy) => ({ strategy, shipped: [] as Sample[], control: [] as Sample[] }));
  for (let i = 0; i < populations; i++) {
    const population = await populate(stage, seed * 1_000 + i);
    const own = worldsOf(
      population,
      shares.filter((_, world) => world % populations === i),
      random,
    );
    for (const { strategy, shipped, control } of samples) {
      shipped.push(...(await tryOut(stage, population, { strategy, isControl: false, worlds: own })));
      control.push(...(await tryOut(stage, population, { strategy, isControl: true, worlds: own })));
    }
    await empty();
  }
  await stage.connection.close();
  return samples.map(({ strategy, shipped, control }) => figuresOf(strategy, shipped, control));
}
