import { BETA, decodeResponse, GAMMA1, GAMMA2, highBits, multiply } from "./core-kernels.ts";
import { isComplemented, keccakRounds, ROUND_CONSTANTS, ROUNDS_AT_ONCE, STATE_BYTES } from "./keccak.ts";
import { FIELD_WORD_BYTES, replicate, WIDE } from "./lanes.ts";
import * as ntt from "./ntt.ts";
import { absorbLanes, bytesToLanes, stateToBytes } from "./sponge.ts";
import { Q } from "./zetas.ts";

/** Bytes of a signature before z, of z, and of the encoded hints: FIPS 204 table 2. */
const CHALLENGE_BYTES = 48;
const RESPONSE_BYTES = 3200;
const HINT_BYTES = 61;
const TR_BYTES = 64;
const EXPANDED_KEY_BYTES = 1024 * FIELD_WORD_BYTES;

const STATE = 0x80;
const WORK = STATE + STATE_BYTES;
const TABLES = WORK + 2 * STATE_BYTES;
const ZETAS = TABLES + 768;
const LANES = ZETAS + 2048;
const CHALLENGE = LANES + 32 * 7 * 17;
const Z = CHALLENGE + 32 * 17;
const BYTES = Z + 2 * 8192;
const SIGNATURE = TR_BYTES + EXPANDED_KEY_BYTES;
const C = Z + 8192;

const memory = { state: STATE, work: WORK };

/** Everything that the core's Yul source leaves to be filled in, by name. */
export function coreParts(): Map<string, string> {
  const decodeThree = decodeResponse(3);
  const top = ntt.forwardTop(decodeThree.max);
  const middle = ntt.forwardMiddle(top.max);
  const bottom = ntt.forwardBottom(middle.max, 2);
  const product = multiply(bottom.max);
  const inverseBottom = ntt.inverseBottom(product.max, 2);
  const inverseMiddle = ntt.inverseMiddle(inverseBottom.max);
  const inverseTop = ntt.inverseTop(inverseMiddle.max);
  return new Map<string, string>([
    ...numbers(),
    ["zMax", decodeThree.max.toString()],
    ["zNttMax", bottom.max.toString()],
    ["decodeThree", decodeThree.code.hex],
    ["decodeTwo", decodeResponse(2).code.hex],
    ["forwardTop", top.code.hex],
    ["forwardMiddle", middle.code.hex],
    ["forwardBottom", bottom.code.hex],
    ["multiply", product.code.hex],
    ["inverseBottom", inverseBottom.code.hex],
    ["inverseMiddle", inverseMiddle.code.hex],
    ["inverseTop", inverseTop.code.hex],
    ["highBits", highBits(inverseTop.max).hex],
    ["bytesToLanes", bytesToLanes().hex],
    ["stateToBytes", stateToBytes(memory).hex],
    ["absorbLanes", absorbLanes(memory).hex],
    ["keccakRounds", keccakRounds("replicated", memory).hex],
    ["complementState", complementState()],
    ["IS_COMPLEMENTED", isComplementedExpression()],
    ["tables", roundConstantTable() + ntt.zetaTable()],
  ]);
}

function numbers(): [string, string][] {
  const response = SIGNATURE + CHALLENGE_BYTES;
  const values: [string, bigint | number][] = [
    ["TABLES", TABLES],
    ["CONSTANTS_STEP", 32 * ROUNDS_AT_ONCE.replicated],
    ["ZETAS", ZETAS],
    ["STATE", STATE],
    ["LANES", LANES],
    ["CHALLENGE", CHALLENGE],
    ["Z", Z],
    ["C", C],
    ["C_FIRST", C + 32 * (256 - 49)],
    ["C_END", C + 32 * 256],
    ["BYTES", BYTES],
    ["KEY", TR_BYTES],
    ["SIGNATURE", SIGNATURE],
    ["RESPONSE", response],
    ["HINTS", response + RESPONSE_BYTES],
    ["MESSAGE", response + RESPONSE_BYTES + HINT_BYTES],
    ["NORM_FLAGS", replicate(WIDE, 1n << 20n)],
    ["THIRD_LANE", ((1n << 86n) - 1n) << 170n],
    ["ONE", 1n << 170n],
    ["MINUS_ONE", (Q - 1n) << 170n],
    ["Q", Q],
    ["ALPHA", 2n * GAMMA2],
    ["GAMMA2_LESS_ONE", GAMMA2 - 1n],
    ["GAMMA1", GAMMA1],
    ["BETA", BETA],
  ];
  return values.map(([name, value]) => [name, `0x${value.toString(16)}`]);
}

function complementState(): string {
  const lanes = Array.from({ length: 25 }, (_, i) => i).filter(isComplemented);
  return lanes.map((i) => `                mstore(0x${(STATE + 32 * i).toString(16)}, not(0))`).join("\n");
}

/** Whether the lane at 32 times its number, below 8, is complemented. */
function isComplementedExpression(): string {
  const lanes = Array.from({ length: 8 }, (_, i) => i).filter(isComplemented);
  return lanes.map((i) => `eq(at, ${32 * i})`).reduce((a, b) => `or(${a}, ${b})`);
}

function roundConstantTable(): string {
  const word = (c: bigint): bigint => c | (c << 64n) | (c << 128n) | (c << 192n);
  return ROUND_CONSTANTS.map((c) => word(c).toString(16).padStart(64, "0")).join("");
}
