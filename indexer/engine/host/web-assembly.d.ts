/** The part of the WebAssembly JavaScript interface that the engine uses; Node's own types leave it to the DOM library. */
declare namespace WebAssembly {
  type ImportValue = (...args: number[]) => number | bigint | undefined;
  type Imports = Record<string, Record<string, ImportValue>>;

  interface ModuleEntry {
    readonly module: string;
    readonly name: string;
    readonly kind: "function" | "table" | "memory" | "global";
  }

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    static exports(module: Module): Omit<ModuleEntry, "module">[];
    static imports(module: Module): ModuleEntry[];
  }

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  interface Global {
    value: unknown;
  }

  class RuntimeError extends Error {}
}
