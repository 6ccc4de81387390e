import {
  addDecimal,
  boundedPower,
  compareDecimal,
  divideDecimal,
  formatDecimal,
  multiplyDecimal,
  normalizeDecimal,
  parseDecimal,
  parseInteger,
  subtractDecimal,
} from "../../values/big-decimal.ts";
import type { BigDecimal } from "../../values/big-decimal.ts";
import type { HostContext, HostFunctions } from "../host-context.ts";
import { MappingError } from "../mapping-error.ts";

/** `bigInt.*`: arithmetic on signed integers of any size; division cuts towards zero. */
export function integerFunctions(context: HostContext): HostFunctions {
  const operation =
    (apply: (x: bigint, y: bigint) => bigint) =>
    (x = 0, y = 0): number =>
      context.heap.writeBigInt(apply(context.heap.readBigInt(x), context.heap.readBigInt(y)));
  /** The second argument is a plain `u8`. */
  const shift =
    (apply: (x: bigint, bits: bigint) => bigint) =>
    (x = 0, bits = 0): number =>
      context.heap.writeBigInt(apply(context.heap.readBigInt(x), BigInt(bits & 0xff)));
  return {
    "bigInt.plus": operation((x, y) => x + y),
    "bigInt.minus": operation((x, y) => x - y),
    "bigInt.times": operation((x, y) => x * y),
    "bigInt.dividedBy": operation((x, y) => {
      if (y === 0n) throw new MappingError(`attempted to divide BigInt \`${x}\` by zero`);
      return x / y;
    }),
    "bigInt.mod": operation((x, y) => {
      if (y === 0n) throw new MappingError(`attempted to calculate the remainder of \`${x}\` with a divisor of zero`);
      return x % y;
    }),
    "bigInt.bitOr": operation((x, y) => x | y),
    "bigInt.bitAnd": operation((x, y) => x & y),
    "bigInt.pow": shift((x, exponent) => attempt(() => boundedPower(x, exponent))),
    "bigInt.leftShift": shift((x, bits) => x << bits),
    "bigInt.rightShift": shift((x, bits) => x >> bits),
    "bigInt.fromString": (text = 0) =>
      context.heap.writeBigInt(attempt(() => parseInteger(context.heap.readString(text)))),
    "bigInt.dividedByDecimal": (x = 0, y = 0) => {
      const left = normalizeDecimal(context.heap.readBigInt(x), 0);
      const right = context.heap.readBigDecimal(y);
      return context.heap.writeBigDecimal(attempt(() => divideDecimal(left, right)));
    },
  };
}

/** `bigDecimal.*`: decimals of 34 significant digits. */
export function decimalFunctions(context: HostContext): HostFunctions {
  const operation =
    (apply: (x: BigDecimal, y: BigDecimal) => BigDecimal) =>
    (x = 0, y = 0): number => {
      const left = context.heap.readBigDecimal(x);
      const right = context.heap.readBigDecimal(y);
      return context.heap.writeBigDecimal(attempt(() => apply(left, right)));
    };
  return {
    "bigDecimal.plus": operation(addDecimal),
    "bigDecimal.minus": operation(subtractDecimal),
    "bigDecimal.times": operation(multiplyDecimal),
    "bigDecimal.dividedBy": operation(divideDecimal),
    "bigDecimal.equals": (x = 0, y = 0) =>
      compareDecimal(context.heap.readBigDecimal(x), context.heap.readBigDecimal(y)) === 0 ? 1 : 0,
    "bigDecimal.toString": (x = 0) => context.heap.writeString(formatDecimal(context.heap.readBigDecimal(x))),
    "bigDecimal.fromString": (text = 0) =>
      context.heap.writeBigDecimal(attempt(() => parseDecimal(context.heap.readString(text)))),
  };
}

/** Turns the refusal of a number into the mapping's error. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new MappingError(error.message, { cause: error });
    throw error;
  }
}
