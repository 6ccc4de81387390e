import { spreadConstant } from "./bits.ts";
import * as kernels from "./expander-kernels.ts";
import { isComplemented, keccakRounds, ROUND_CONSTANTS, ROUNDS_AT_ONCE, STATE_BYTES } from "./keccak.ts";
import { PACKED, replicate } from "./lanes.ts";
import * as ntt from "./ntt.ts";
import { Q } from "./zetas.ts";

const STATE = 0x80;
const WORK = STATE + STATE_BYTES;
const TABLES = WORK + STATE_BYTES;
const ZETAS = TABLES + 768;
const INDICES = ZETAS + 2048;
const SEED = INDICES + 32 * 9;
const PUBLIC_KEY = SEED + 32 * 4;
/** Words of three streams: six blocks, and what `dropCandidate` reads and writes behind them. */
const STREAM_BYTES = 32 * (6 * kernels.SHAKE128_LANES + 5);
const STREAMS = PUBLIC_KEY + 15 * 136;
const TENTH = STREAMS + STREAM_BYTES;
const COLUMNS = TENTH + STREAM_BYTES;
const T1 = COLUMNS + 3 * 8192;
const TR = T1 + 2 * 8192;
const KEY = TR + 64;

const memory = { state: STATE, work: WORK };

/** Everything that the expander's Yul source leaves to be filled in, by name. */
export function expanderParts(): Map<string, string> {
  const decodeT1 = kernels.decodeT1();
  const top = ntt.forwardTop(decodeT1.max);
  const middle = ntt.forwardMiddle(top.max);
  const bottom = ntt.forwardBottom(middle.max, 2);
  return new Map<string, string>([
    ...numbers(),
    ["decodeT1", decodeT1.code.hex],
    ["forwardTop", top.code.hex],
    ["forwardMiddle", middle.code.hex],
    ["forwardBottom", bottom.code.hex],
    ["packColumns", kernels.packColumns().hex],
    ["packWithT1", kernels.packWithT1(bottom.max).hex],
    ["spreadSeed", kernels.spreadSeed().hex],
    ["startThree", kernels.startStreams(memory, 3).hex],
    ["startFour", kernels.startStreams(memory, 4).hex],
    ["absorbFourth", kernels.absorbFourth(memory).hex],
    ["squeezeFourth", kernels.squeezeFourth(memory).hex],
    ["squeezeThree", kernels.squeezeStreams(memory, false).hex],
    ["squeezeFour", kernels.squeezeStreams(memory, true).hex],
    ["sampleEight", kernels.sampleEight().hex],
    ["dropCandidate", kernels.dropCandidate().hex],
    ["keccakRounds", keccakRounds("interleaved", memory).hex],
    ["complementFourth", complementFourth()],
    ["tables", roundConstantTable() + ntt.zetaTable() + indexTable()],
  ]);
}

function numbers(): [string, string][] {
  const values: [string, bigint | number][] = [
    ["STATE", STATE],
    ["TABLES", TABLES],
    ["CONSTANTS_STEP", 32 * ROUNDS_AT_ONCE.interleaved],
    ["ZETAS", ZETAS],
    ["INDICES", INDICES],
    ["SEED", SEED],
    ["PUBLIC_KEY", PUBLIC_KEY],
    ["STREAMS", STREAMS],
    ["TENTH", TENTH],
    ["TENTH_BYTES", STREAM_BYTES],
    ["COLUMNS", COLUMNS],
    ["T1", T1],
    ["TR", TR],
    ["KEY", KEY],
    ["Q", Q],
    ["NEEDED", 256],
    ["REJECTED", replicate(PACKED, 1n << 23n)],
  ];
  return values.map(([name, value]) => [name, `0x${value.toString(16)}`]);
}

/** The indices that start each batch. Batches 3, 4 and 5 have nothing to do in the fourth instance and repeat a stream. */
function indexTable(): string {
  const words = Array.from({ length: 9 }, (_, batch) => {
    const group = (row: number): { row: number; column: number } => ({
      row: row + (batch > 4 ? 3 : 0),
      column: batch % 5,
    });
    const streams = [group(0), group(1), group(2)];
    if (batch > 2) streams.push(batch > 5 ? { row: batch - 3, column: 4 } : group(2));
    return kernels.streamIndices(streams);
  });
  return words.map(toHex).join("");
}

function complementFourth(): string {
  const fourth = `0x${(spreadConstant((1n << 64n) - 1n) * 8n).toString(16)}`;
  const lanes = Array.from({ length: 25 }, (_, i) => i).filter(isComplemented);
  return lanes.map((i) => `                mstore(0x${(STATE + 32 * i).toString(16)}, ${fourth})`).join("\n");
}

function roundConstantTable(): string {
  return ROUND_CONSTANTS.map((c) => toHex(spreadConstant(c) * 15n)).join("");
}

function toHex(word: bigint): string {
  return word.toString(16).padStart(64, "0");
}
