import type { MlDsaCase } from "./ml-dsa-keys.ts";
import * as model from "./ml-dsa-model.ts";

const CHALLENGE_BYTES = 48;
const NONE = new Uint8Array();

/** M' of a message without a context: FIPS 204 Algorithm 3 step 5. */
export function prefixed(message: Uint8Array): Uint8Array {
  return Uint8Array.from([0, 0, ...message]);
}

/** A signature of M' under a key with t1 = 0, for which no secret is needed. */
export function forge(message: Uint8Array, z: model.Polynomial[], hints: Partial<model.Response> = {}): MlDsaCase {
  const t1 = Array.from({ length: 6 }, model.zeroPolynomial);
  const publicKey = model.encodePublicKey(new Uint8Array(32).fill(0x5c), t1);
  const signature = model.signPrefixed(publicKey, message, { z, hints: model.noHints(), ...hints });
  return { publicKey, message: message.subarray(2), context: NONE, signature };
}

/** A signature whose only coefficient of z that is not zero is z[i][n]. */
export function forgeWithCoefficient(i: number, n: number, value: number): MlDsaCase {
  const z = model.zeroResponse();
  const polynomial = z[i];
  if (polynomial) polynomial[n] = value;
  return forge(prefixed(NONE), z);
}

/** Some z that gives w all sorts of high and low parts. */
export function smallResponse(): model.Polynomial[] {
  return Array.from({ length: 5 }, (_, i) => {
    return Array.from({ length: 256 }, (_n, n) => ((n * 7919 + i * 104729) % 4001) - 2000);
  });
}

/** A signature with a hint at a place where the high part of w is 15 and the low part positive. */
export function forgeAtFifteen(): MlDsaCase {
  const z = smallResponse();
  const { publicKey } = forge(prefixed(NONE), z);
  const hints = model.product(publicKey, z).map((row) => {
    const position = row.findIndex((r) => model.useHint(false, r) === 15 && model.useHint(true, r) === 0);
    return position < 0 ? [] : [position];
  });
  if (hints.every((row) => row.length === 0)) throw new Error("no high part of 15 with a positive low part");
  return forge(prefixed(NONE), z, { hints });
}

/**
 * A signature with a hint at a place where w is 1 or q - 1: with z = 0 and one coefficient of t1 2^d equal to q - 1, w is
 * -c (q - 1) = c in that row. The hint is set at one place, and the challenge must agree with the guess of its sign there.
 */
export function forgeAtUnit(w: 1 | -1): MlDsaCase {
  const [rowNumber, position] = [3, 200];
  const t1 = Array.from({ length: 6 }, model.zeroPolynomial);
  const high = Array.from({ length: 6 }, model.zeroPolynomial);
  const [row, highRow] = [t1[rowNumber], high[rowNumber]];
  if (row) row[0] = 1023;
  if (highRow) highRow[position] = w === 1 ? 1 : 15;
  const publicKey = model.encodePublicKey(new Uint8Array(32).fill(0x5d), t1);
  const hints = model.noHints().map((_, i) => (i === rowNumber ? [position] : []));
  for (let attempt = 0; ; attempt++) {
    const message = prefixed(Uint8Array.from([attempt & 0xff, attempt >> 8]));
    const challenge = model.challengeHash(publicKey, message, high);
    if (model.sampleInBall(challenge)[position] !== w) continue;
    const zeros = model.signPrefixed(publicKey, message, { z: model.zeroResponse(), hints });
    const signature = Uint8Array.from([...challenge, ...zeros.subarray(CHALLENGE_BYTES)]);
    return { publicKey, message: message.subarray(2), context: NONE, signature };
  }
}

/** Hints, and what is changed in their 61 bytes, that FIPS 204 Algorithm 21 (HintBitUnpack) must refuse. */
export interface MalformedHints {
  readonly hints: number[][];
  readonly change?: (bytes: Uint8Array) => void;
}

/** The malformed hints by name; the signature fits what a verifier without the check would read. */
export const MALFORMED_HINTS: Readonly<Record<string, MalformedHints>> = {
  "a repeated position": { hints: [[], [40, 40], [], [], [], []] },
  "a repeated position that cancels out": {
    hints: model.noHints(),
    change: (b) => {
      b.set([40, 40]);
      b.fill(2, 56);
    },
  },
  "positions in falling order": { hints: [[], [], [41, 40], [], [], []] },
  "a repeated last position": { hints: [[], [], [], [], [], [3, 255, 255]] },
  "56 positions": { hints: [[], [], Array.from({ length: 55 }, (_, i) => i), [], [], [0]] },
  "a count of 255": { hints: [[], [], [], [], [], [9]], change: (b) => (b[60] = 255) },
  "a falling count": { hints: [[7], [8], [], [], [], []], change: (b) => (b[57] = 1) },
  "a count that falls back to zero": { hints: [[7], [], [], [], [], []], change: (b) => (b[60] = 0) },
  "a position behind the last count": { hints: [[7], [], [], [], [], []], change: (b) => (b[1] = 1) },
  "a set byte at the end of the padding": { hints: [[7], [], [], [], [], []], change: (b) => (b[54] = 128) },
  "padding without any hint": { hints: model.noHints(), change: (b) => (b[0] = 1) },
};

/** A signature with malformed hints that a verifier without checks would accept. */
export function forgeMalformed({ hints, change }: MalformedHints): MlDsaCase {
  const encodedHints = model.encodeHints(hints);
  change?.(encodedHints);
  return forge(prefixed(NONE), smallResponse(), { hints, encodedHints });
}
