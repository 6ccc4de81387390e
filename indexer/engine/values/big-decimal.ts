/** An exact decimal number `digits * 10^exponent`, always in normal form (no trailing zero digits). */
export interface BigDecimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Most significant digits that a result keeps; the decimal128 limit that graph-node uses. */
const MAX_SIGNIFICANT_DIGITS = 34;
/** Exponents that a mapping may hand over (decimal128). */
export const MIN_EXPONENT = -6143;
export const MAX_EXPONENT = 6144;

const DIVISION_DIGITS = 100;
const BITS_PER_DIGIT = 3.3219280949;
/** Bits of the largest integer, sign included: 131,072 decimal digits, the limit of PostgreSQL and so of graph-node. */
const MAX_INTEGER_BITS = 435_412;
const INTEGER_PATTERN = /^[+-]?\d[\d_]*$/;

/** Zero in normal form. */
export const ZERO_DECIMAL: BigDecimal = { digits: 0n, exponent: 0 };

/**
 * Brings a number to normal form: at most 34 significant digits, no trailing zeros.
 * Surplus digits round half up for positive and are cut for negative numbers, which may keep a 35th, as in graph-node.
 */
export function normalizeDecimal(digits: bigint, exponent: number): BigDecimal {
  if (digits === 0n) return ZERO_DECIMAL;
  let value = digits;
  let power = exponent;
  const surplus = precisionOf(value) - MAX_SIGNIFICANT_DIGITS;
  if (surplus > 0) {
    const divisor = 10n ** BigInt(surplus);
    const rest = value % divisor;
    value /= divisor;
    if (10n * rest > divisor && leadingDigit(rest) >= 5) value += 1n;
    power += surplus;
  }
  const text = value.toString();
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (end === text.length) return { digits: value, exponent: power };
  return { digits: BigInt(text.slice(0, end)), exponent: power + text.length - end };
}

/** Sum in normal form. */
export function addDecimal(left: BigDecimal, right: BigDecimal): BigDecimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return normalizeDecimal(scaleTo(left, exponent) + scaleTo(right, exponent), exponent);
}

/** Difference in normal form. */
export function subtractDecimal(left: BigDecimal, right: BigDecimal): BigDecimal {
  return addDecimal(left, { digits: -right.digits, exponent: right.exponent });
}

/** Product in normal form. */
export function multiplyDecimal(left: BigDecimal, right: BigDecimal): BigDecimal {
  return normalizeDecimal(left.digits * right.digits, left.exponent + right.exponent);
}

/**
 * Quotient in normal form, worked out to 100 digits before it is rounded to 34.
 * @throws RangeError when `right` is zero; callers turn it into the mapping's error.
 */
export function divideDecimal(left: BigDecimal, right: BigDecimal): BigDecimal {
  if (right.digits === 0n) throw new RangeError(`attempted to divide BigDecimal \`${formatDecimal(left)}\` by zero`);
  if (left.digits === 0n) return ZERO_DECIMAL;
  const negative = left.digits < 0n !== right.digits < 0n;
  const numerator = absolute(left.digits);
  const denominator = absolute(right.digits);
  const exponent = left.exponent - right.exponent;
  if (numerator % denominator === 0n) {
    const quotient = numerator / denominator;
    return normalizeDecimal(negative ? -quotient : quotient, exponent);
  }
  let shift = Math.max(0, DIVISION_DIGITS - digitCount(numerator) + digitCount(denominator));
  if (shift > 0 && digitCount((numerator * 10n ** BigInt(shift)) / denominator) > DIVISION_DIGITS) shift -= 1;
  const scaled = numerator * 10n ** BigInt(shift);
  let quotient = scaled / denominator;
  if ((scaled % denominator) * 2n >= denominator) quotient += 1n;
  return normalizeDecimal(negative ? -quotient : quotient, exponent - shift);
}

/** Compares by value: negative, zero or positive like `Array.prototype.sort` wants it. */
export function compareDecimal(left: BigDecimal, right: BigDecimal): number {
  const exponent = Math.min(left.exponent, right.exponent);
  const difference = scaleTo(left, exponent) - scaleTo(right, exponent);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/**
 * Parses plain or scientific notation (`-1.5`, `2e-3`).
 * @throws RangeError when the text is not a number.
 */
export function parseDecimal(text: string): BigDecimal {
  const split = text.search(/[eE]/);
  const base = split === -1 ? text : text.slice(0, split);
  const power = split === -1 ? "0" : text.slice(split + 1);
  if (!INTEGER_PATTERN.test(power) || !Number.isSafeInteger(Number(power.replaceAll("_", ""))))
    throw new RangeError(`string is not a BigDecimal: '${text}'`);
  const dot = base.indexOf(".");
  const digits = dot === -1 ? base : base.slice(0, dot) + base.slice(dot + 1);
  const fraction = dot === -1 ? 0 : base.length - dot - 1;
  if (!INTEGER_PATTERN.test(digits)) throw new RangeError(`string is not a BigDecimal: '${text}'`);
  return normalizeDecimal(parseInteger(digits), Number(power.replaceAll("_", "")) - fraction);
}

/** Plain decimal notation without exponent, as graph-node prints it. */
export function formatDecimal(value: BigDecimal): string {
  const negative = value.digits < 0n;
  const text = absolute(value.digits).toString();
  const sign = negative ? "-" : "";
  if (value.exponent >= 0) return sign + text + (value.digits === 0n ? "" : "0".repeat(value.exponent));
  const point = text.length + value.exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${text}`;
  return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

/**
 * Parses a signed decimal integer, `_` allowed between digits as in graph-node.
 * @throws RangeError when the text is not an integer.
 */
export function parseInteger(text: string): bigint {
  if (!INTEGER_PATTERN.test(text)) throw new RangeError(`string is not a BigInt: \`${text}\``);
  return boundedInteger(BigInt(text.replaceAll("_", "").replace("+", "")));
}

/**
 * Gives an integer back if it is not too big for a mapping.
 * @throws RangeError naming its size and the limit
 */
export function boundedInteger(value: bigint): bigint {
  const bits = bitCount(value) + 1;
  if (bits > MAX_INTEGER_BITS) throw tooBig(`${bits}`);
  return value;
}

/**
 * A power that is not too big for a mapping; one that is, is not worked out.
 * @throws RangeError naming its size and the limit
 */
export function boundedPower(base: bigint, exponent: bigint): bigint {
  const least = (bitCount(base) - 1) * Number(exponent) + 2;
  if (least > MAX_INTEGER_BITS) throw tooBig(`at least ${least}`);
  return boundedInteger(base ** exponent);
}

function tooBig(bits: string): RangeError {
  return new RangeError(`BigInt is too big, total bits ${bits} (max ${MAX_INTEGER_BITS})`);
}

function bitCount(value: bigint): number {
  if (value === 0n) return 0;
  const hex = absolute(value).toString(16);
  return 4 * hex.length - (Math.clz32(Number.parseInt(hex.charAt(0), 16)) - 28);
}

function scaleTo(value: BigDecimal, exponent: number): bigint {
  return value.exponent === exponent ? value.digits : value.digits * 10n ** BigInt(value.exponent - exponent);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function digitCount(value: bigint): number {
  return absolute(value).toString().length;
}

/** Digits as graph-node counts them: of negative numbers it only estimates them from the bits, often one too few. */
function precisionOf(value: bigint): number {
  if (value >= 0n) return digitCount(value);
  const bits = absolute(value).toString(2).length;
  return Math.floor(bits / BITS_PER_DIGIT);
}

function leadingDigit(value: bigint): number {
  return value.toString().charCodeAt(0) - 48;
}
