import { randomBytes } from "node:crypto";

/** Gives `length` random bytes. */
export type EntropySource = (length: number) => Uint8Array;

/** Thrown when random bytes look wrong; no key may be made from such a source. */
export class EntropyHealthError extends Error {
  override readonly name = "EntropyHealthError";
}

/** Claimed min-entropy of one byte of the operating system's generator, in bits. */
const BITS_PER_SAMPLE = 8;

/** A sound source fails a test once in 2^40 runs. */
const FALSE_ALARM_BITS = 40;

/** Samples of a start-up test; NIST SP 800-90B section 4.3 asks for at least 1,024. */
const STARTUP_SAMPLES = 4_096;

/** Window of the adaptive proportion test for samples of more than two values (section 4.4.2). */
const WINDOW = 512;

/** A value that occurs this often in a row fails (section 4.4.1). */
export const REPETITION_CUTOFF = 1 + Math.ceil(FALSE_ALARM_BITS / BITS_PER_SAMPLE);

/** A value that occurs this often in a window that it begins fails (section 4.4.2). */
export const PROPORTION_CUTOFF = 1 + criticalCount(WINDOW, 2 ** -BITS_PER_SAMPLE, 2 ** -FALSE_ALARM_BITS);

/**
 * Runs the repetition count and adaptive proportion tests of NIST SP 800-90B section 4.4 over fresh bytes.
 * They catch a stuck or broken generator; they cannot prove that a generator is good.
 *
 * @throws EntropyHealthError when a test fails or the source gives too few bytes.
 */
export function assertEntropyHealth(source: EntropySource = randomBytes): void {
  const samples = source(STARTUP_SAMPLES);
  if (samples.length !== STARTUP_SAMPLES) {
    throw new EntropyHealthError(`random source gave ${samples.length} of ${STARTUP_SAMPLES} bytes`);
  }
  const run = longestRun(samples);
  if (run >= REPETITION_CUTOFF) {
    throw new EntropyHealthError(`random source repeats a byte ${run} times in a row (limit ${REPETITION_CUTOFF - 1})`);
  }
  for (let start = 0; start + WINDOW <= samples.length; start += WINDOW) {
    const repeats = proportion(samples.subarray(start, start + WINDOW));
    if (repeats >= PROPORTION_CUTOFF) {
      const found = `random source gives one byte ${repeats} times in ${WINDOW}`;
      throw new EntropyHealthError(`${found} (limit ${PROPORTION_CUTOFF - 1})`);
    }
  }
}

function longestRun(samples: Uint8Array): number {
  let longest = 1;
  for (let i = 1, run = 1; i < samples.length; i += 1) {
    run = samples[i] === samples[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function proportion(window: Uint8Array): number {
  return window.reduce((total, sample) => total + Number(sample === window[0]), 0);
}

/** Smallest count whose binomial distribution function reaches 1 - alpha. */
function criticalCount(trials: number, probability: number, alpha: number): number {
  let term = (1 - probability) ** trials;
  let count = 0;
  const terms = [term];
  while (count < trials) {
    term *= ((trials - count) / (count + 1)) * (probability / (1 - probability));
    count += 1;
    terms.push(term);
  }
  let tail = 0;
  for (let k = trials; k > 0; k -= 1) {
    tail += terms[k] ?? 0;
    if (tail > alpha) return k;
  }
  return 0;
}
