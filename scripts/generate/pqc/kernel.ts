/** A value computed by a kernel: a node of its expression graph. */
export interface Value {
  readonly id: number;
  readonly op: Op | "num" | "input";
  readonly args: readonly Value[];
  /** The constant of a `num`. */
  readonly constant: bigint;
  /** How many stores precede this node, so that a load is never moved behind a store to the same address. */
  readonly epoch: number;
}

/** EVM instructions a kernel may use: opcode, gas, operands (top of stack first), whether they commute. */
const OPERATIONS = {
  add: { code: 0x01, gas: 3, arity: 2, commutes: true },
  mul: { code: 0x02, gas: 5, arity: 2, commutes: true },
  sub: { code: 0x03, gas: 3, arity: 2, commutes: false },
  and: { code: 0x16, gas: 3, arity: 2, commutes: true },
  or: { code: 0x17, gas: 3, arity: 2, commutes: true },
  xor: { code: 0x18, gas: 3, arity: 2, commutes: true },
  not: { code: 0x19, gas: 3, arity: 1, commutes: false },
  shl: { code: 0x1b, gas: 3, arity: 2, commutes: false },
  shr: { code: 0x1c, gas: 3, arity: 2, commutes: false },
  calldataload: { code: 0x35, gas: 3, arity: 1, commutes: false },
  mload: { code: 0x51, gas: 3, arity: 1, commutes: false },
} as const;

export type Op = keyof typeof OPERATIONS;

type Statement =
  | { readonly kind: "let"; readonly value: Value }
  | { readonly kind: "store"; readonly address: Value; readonly value: Value };

/** Bytecode of a kernel and what one run of it costs. */
export interface KernelCode {
  readonly hex: string;
  readonly bytes: number;
  readonly gas: number;
}

/**
 * A straight-line piece of EVM code, written as expressions over words. The order of the `keep` and `mstore` calls is
 * the order of execution; where a value lies on the stack, and when it is duplicated, moved or dropped, is worked out by
 * `compile`.
 *
 * A value that is used once is computed where it is used. A value that is used more often is computed once, by `keep` or
 * before the first statement that needs it, and lies on the stack until its last use.
 */
export class Kernel {
  readonly inputs: readonly Value[];
  private readonly statements: Statement[] = [];
  private readonly pooled = new Map<bigint, Value>();
  private nodes = 0;
  private stores = 0;

  /** @param inputs how many words the kernel takes from the stack; input 0 is the top, the first argument in Yul */
  constructor(inputs = 0) {
    this.inputs = Array.from({ length: inputs }, () => this.node("input", []));
  }

  num(constant: bigint | number): Value {
    return { ...this.node("num", []), constant: BigInt(constant) };
  }

  /** A constant that stays on the stack, so that each use costs one byte of code. */
  pool(constant: bigint): Value {
    const known = this.pooled.get(constant);
    if (known) return known;
    const value = this.keep(this.num(constant));
    this.pooled.set(constant, value);
    return value;
  }

  add = (a: Value, b: Value): Value => this.node("add", [a, b]);
  mul = (a: Value, b: Value): Value => this.node("mul", [a, b]);
  /** a - b */
  sub = (a: Value, b: Value): Value => this.node("sub", [a, b]);
  and = (a: Value, b: Value): Value => this.node("and", [a, b]);
  or = (a: Value, b: Value): Value => this.node("or", [a, b]);
  xor = (a: Value, b: Value): Value => this.node("xor", [a, b]);
  not = (a: Value): Value => this.node("not", [a]);
  shl = (bits: number, a: Value): Value => (bits === 0 ? a : this.node("shl", [this.num(bits), a]));
  shr = (bits: number, a: Value): Value => (bits === 0 ? a : this.node("shr", [this.num(bits), a]));

  shiftLeft = (bits: Value, a: Value): Value => this.node("shl", [bits, a]);

  /** The word at `base` + `offset` in memory. */
  mload(base: Value | undefined, offset: number): Value {
    return this.node("mload", [this.address(base, offset)]);
  }

  calldataload(base: Value, offset: number): Value {
    return this.node("calldataload", [this.address(base, offset)]);
  }

  mstore(base: Value | undefined, offset: number, value: Value): void {
    this.stores++;
    this.statements.push({ kind: "store", address: this.address(base, offset), value });
  }

  /** Computes `value` now and keeps it on the stack until its last use. */
  keep(value: Value): Value {
    this.statements.push({ kind: "let", value });
    return value;
  }

  /** Turns the kernel into bytecode that leaves `outputs` on the stack, the last one on top. */
  compile(outputs: readonly Value[] = []): KernelCode {
    let best: KernelCode | undefined;
    let failure: unknown;
    for (let height = LOWEST_HEIGHT; height <= HIGHEST_HEIGHT; height++) {
      try {
        const code = new Emitter(this.inputs, this.statements, outputs, height).run();
        if (best === undefined || code.gas < best.gas) best = code;
      } catch (error) {
        failure = error;
      }
    }
    if (best === undefined) throw failure;
    return best;
  }

  private address(base: Value | undefined, offset: number): Value {
    if (base === undefined) return this.num(offset);
    return offset === 0 ? base : this.add(base, this.num(offset));
  }

  private node(op: Value["op"], args: readonly Value[]): Value {
    return { id: this.nodes++, op, args, constant: 0n, epoch: this.stores };
  }
}

/** A word of the stack: a variable, a word that is no longer needed, or an operand of the statement being computed. */
type Slot = Value | "dead" | "operand";

interface State {
  stack: Slot[];
  uses: Map<number, number>;
  bytes: number[];
  gas: number;
}

/** Heights of the stack above which dead words are removed, to keep variables within reach of DUP16; the best is taken. */
const LOWEST_HEIGHT = 7;
const HIGHEST_HEIGHT = 16;

class Emitter {
  private state: State = { stack: [], uses: new Map(), bytes: [], gas: 0 };
  private readonly kept = new Set<number>();
  private readonly storeKeys: string[] = [];
  private storesDone = 0;
  private readonly statements: readonly Statement[];
  private readonly outputs: readonly Value[];
  private readonly compactAbove: number;

  constructor(
    inputs: readonly Value[],
    statements: readonly Statement[],
    outputs: readonly Value[],
    compactAbove: number,
  ) {
    this.statements = statements;
    this.outputs = outputs;
    this.compactAbove = compactAbove;
    for (const input of [...inputs].reverse()) {
      this.state.stack.push(input);
      this.kept.add(input.id);
    }
    for (const s of statements) {
      if (s.kind === "let") this.kept.add(s.value.id);
      else this.storeKeys.push(addressKey(s.address));
    }
    const seen = new Set<number>();
    for (const s of statements) {
      if (s.kind === "store") this.use(s.value, s.address);
      for (const root of s.kind === "let" ? [s.value] : [s.value, s.address]) this.countUses(root, seen);
    }
    this.use(...outputs);
  }

  run(): KernelCode {
    this.dropDead();
    for (const s of this.statements) {
      if (s.kind === "let") this.materialize(s.value);
      else this.store(s.address, s.value);
      this.dropDead();
      this.compact();
    }
    this.outputs.forEach((output, i) => this.operand(output, i));
    this.dropBelow(this.outputs.length);
    const { bytes, gas } = this.state;
    return { hex: Buffer.from(bytes).toString("hex"), bytes: bytes.length, gas };
  }

  private countUses(value: Value, seen: Set<number>): void {
    if (seen.has(value.id)) return;
    seen.add(value.id);
    this.use(...value.args);
    for (const arg of value.args) this.countUses(arg, seen);
  }

  private use(...values: readonly Value[]): void {
    for (const v of values) this.state.uses.set(v.id, this.usesOf(v) + 1);
  }

  private usesOf(value: Value): number {
    return this.state.uses.get(value.id) ?? 0;
  }

  /** Computes every value below `value` that is used more than once and does not lie on the stack yet. */
  private prepare(value: Value): void {
    if (this.depthOf(value) > 0) return;
    for (const arg of value.args) {
      this.prepare(arg);
      const shared = arg.op !== "num" && (this.usesOf(arg) > 1 || this.kept.has(arg.id));
      if (shared) this.materialize(arg);
    }
  }

  private materialize(value: Value): void {
    if (this.depthOf(value) > 0) return;
    this.prepare(value);
    this.evaluate(value, 0);
    this.state.stack[this.state.stack.length - 1] = this.usesOf(value) > 0 ? value : "dead";
  }

  private store(address: Value, value: Value): void {
    this.prepare(value);
    this.prepare(address);
    this.operand(value, 0);
    this.operand(address, 1);
    this.emit(0x52, 3);
    this.state.stack.length -= 2;
    this.storesDone++;
  }

  /** Puts `value` on top of the stack as operand number `operands` of the statement, and counts one use of it. */
  private operand(value: Value, operands: number): void {
    const { stack, uses } = this.state;
    const depth = this.depthOf(value);
    const left = this.usesOf(value) - 1;
    uses.set(value.id, left);
    if (depth === 0) {
      this.evaluate(value, operands);
      return;
    }
    const inPlace = left === 0 && (operands === 0 || (operands === 1 && depth === 2));
    if (inPlace) {
      this.swap(depth - 1);
    } else {
      this.dup(depth);
      if (left === 0) stack[stack.length - 1 - depth] = "dead";
    }
    stack[stack.length - 1] = "operand";
  }

  private evaluate(value: Value, operands: number): void {
    if (value.op === "num") {
      this.push(value.constant);
      return;
    }
    if (value.op === "input") throw new Error(`input ${value.id} is used after it has been dropped`);
    const operation = OPERATIONS[value.op];
    if (value.op === "mload") this.assertNotStored(value);
    const order = [...value.args].reverse();
    if (operation.commutes) this.cheaperOrder(order, operands);
    else order.forEach((arg, i) => this.operand(arg, operands + i));
    this.emit(operation.code, operation.gas);
    this.state.stack.length -= operation.arity;
    this.state.stack.push("operand");
  }

  /** Computes the operands of a commutative operation in the order that costs less. */
  private cheaperOrder(args: readonly Value[], operands: number): void {
    const compute = (order: readonly Value[]): void => order.forEach((arg, i) => this.operand(arg, operands + i));
    const copies = args.filter((arg) => this.isCopy(arg));
    if (copies.length > 0) {
      compute([...args.filter((arg) => !copies.includes(arg)), ...copies]);
      return;
    }
    const start = this.state;
    const attempt = (order: readonly Value[]): State => {
      this.state = { ...start, stack: [...start.stack], uses: new Map(start.uses), bytes: [...start.bytes] };
      compute(order);
      return this.state;
    };
    const price = (s: State): number => s.gas + 2 * s.stack.filter((slot) => slot === "dead").length;
    const forward = attempt(args);
    const backward = attempt([...args].reverse());
    this.state = price(backward) < price(forward) ? backward : forward;
  }

  /** Whether `value` takes one PUSH or DUP, wherever it is needed. */
  private isCopy(value: Value): boolean {
    const depth = this.depthOf(value);
    return depth === 0 ? value.op === "num" : this.usesOf(value) > 1;
  }

  private assertNotStored(load: Value): void {
    const [address] = load.args;
    if (address === undefined) throw new Error("a load has no address");
    const key = addressKey(address);
    for (let i = load.epoch; i < this.storesDone; i++) {
      if (this.storeKeys[i] === key) throw new Error(`load of ${key} would move behind a store to it`);
    }
  }

  /** Depth of `value` on the stack, 1 for the top; 0 if it is not there. */
  private depthOf(value: Value): number {
    const { stack } = this.state;
    const index = stack.findLastIndex((slot) => typeof slot === "object" && slot.id === value.id);
    return index < 0 ? 0 : stack.length - index;
  }

  private dropDead(): void {
    const { stack } = this.state;
    stack.forEach((slot, i) => {
      if (typeof slot === "object" && this.usesOf(slot) === 0) stack[i] = "dead";
    });
    while (stack.at(-1) === "dead") {
      this.emit(0x50, 2);
      stack.pop();
    }
  }

  /** Moves the top into the place of the deepest dead word within reach, while the stack is high. */
  private compact(): void {
    const { stack } = this.state;
    while (stack.length > this.compactAbove) {
      const reach = Math.max(0, stack.length - 17);
      const index = stack.findIndex((slot, i) => i >= reach && slot === "dead");
      if (index < 0) return;
      this.swap(stack.length - 1 - index);
      this.dropDead();
    }
  }

  /** Removes everything below the `count` words on top. */
  private dropBelow(count: number): void {
    const { stack } = this.state;
    if (stack.length > count && count > 1) throw new Error("a kernel with several outputs must use all its words");
    while (stack.length > count) {
      if (count === 1) this.swap(1);
      this.emit(0x50, 2);
      stack.pop();
    }
  }

  private push(constant: bigint): void {
    if (constant === 0n) {
      this.emit(0x5f, 2);
    } else {
      const digits = constant.toString(16);
      const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
      this.emit(0x5f + bytes.length, 3);
      this.state.bytes.push(...bytes);
    }
    this.state.stack.push("operand");
  }

  private dup(depth: number): void {
    if (depth > 16) throw new Error(`a value lies too deep, at ${depth}`);
    this.emit(0x7f + depth, 3);
    this.state.stack.push("operand");
  }

  private swap(distance: number): void {
    if (distance === 0) return;
    if (distance > 16) throw new Error(`a value lies too deep, at ${distance + 1}`);
    this.emit(0x8f + distance, 3);
    const { stack } = this.state;
    const top = stack.length - 1;
    const [above, below] = [stack[top], stack[top - distance]];
    if (above === undefined || below === undefined) throw new Error("the stack is lower than the swap reaches");
    stack[top] = below;
    stack[top - distance] = above;
  }

  private emit(code: number, gas: number): void {
    this.state.bytes.push(code);
    this.state.gas += gas;
  }
}

/** Tells addresses apart: base and offset. */
function addressKey(address: Value): string {
  if (address.op === "num") return `absolute + ${address.constant}`;
  const [base, offset] = address.args;
  if (address.op === "add" && base && offset?.op === "num") return `${base.id} + ${offset.constant}`;
  return `${address.id} + 0`;
}
