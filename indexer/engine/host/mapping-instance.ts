import { exposeGlobals, GLOBAL_PREFIX } from "./expose-globals.ts";
import { Heap } from "./heap.ts";
import type { HeapExports } from "./heap.ts";
import type { HostContext, HostFunctions } from "./host-context.ts";
import { refusedFunction } from "./imports/environment-functions.ts";
import { BlockDataNeeded, MappingError } from "./mapping-error.ts";

/** Above this size an instance is thrown away after a run instead of being wiped. */
const MAX_REUSED_MEMORY = 1_048_576;

interface ModuleExports extends HeapExports {
  readonly [name: string]: unknown;
  _start?(): void;
}

/** State right after `_start`, to which an instance returns before every handler. */
interface Snapshot {
  readonly memory: Uint8Array;
  readonly globals: readonly { readonly global: WebAssembly.Global; readonly value: unknown }[];
}

/** How a handler is run. */
export interface HandlerCall {
  readonly handler: string;
  /** Writes the argument and returns its address. */
  writeArgument(heap: Heap, names: ReadonlyMap<string, number>): number;
  /** Whether parts of the argument are absent, so that a trap may mean that the handler wanted them. */
  readonly incomplete: boolean;
}

/**
 * One compiled mapping file.
 *
 * graph-node gives every handler a fresh instance, so nothing that a handler leaves in globals or memory can be seen by the
 * next. Here one instance is reused, and before each run its memory and mutable globals are put back to what they were
 * right after `_start`: the effect is the same at a fraction of the price.
 */
export class MappingInstance {
  readonly #module: WebAssembly.Module;
  readonly #names: readonly string[];
  readonly #context: HostContext;
  readonly #imports: WebAssembly.Imports;
  #live: LiveInstance | undefined;

  /**
   * @param binary code of the module
   * @param names strings that every run needs, written to memory once
   * @param host context and functions shared by all modules
   * @throws Error when the binary is no AssemblyScript mapping
   */
  constructor(
    binary: Uint8Array<ArrayBuffer>,
    names: readonly string[],
    host: { context: HostContext; functions: HostFunctions },
  ) {
    this.#module = new WebAssembly.Module(exposeGlobals(binary));
    this.#names = names;
    this.#context = host.context;
    this.#imports = importObject(this.#module, host);
  }

  /** Whether the module exports a function of this name. */
  exports(handler: string): boolean {
    return WebAssembly.Module.exports(this.#module).some(
      (entry) => entry.kind === "function" && entry.name === handler,
    );
  }

  /**
   * Runs a handler on a fresh state.
   * @throws MappingError when the mapping fails deterministically
   * @throws BlockDataNeeded when it needs the parts that the argument lacks
   */
  run(call: HandlerCall): void {
    const live = (this.#live ??= this.#start());
    this.#context.heap = live.heap;
    this.#context.names = live.names;
    try {
      const handler = live.exports[call.handler] as (argument: number) => void;
      handler(call.writeArgument(live.heap, live.names));
    } catch (error) {
      throw classify(error, call.incomplete);
    } finally {
      if (!live.reset()) this.#live = undefined;
    }
  }

  #start(): LiveInstance {
    const live = new LiveInstance(new WebAssembly.Instance(this.#module, this.#imports));
    this.#context.heap = live.heap;
    this.#context.names = live.names;
    try {
      live.start(this.#names);
    } catch (error) {
      throw classify(error, false);
    }
    return live;
  }
}

class LiveInstance {
  readonly exports: ModuleExports;
  readonly heap: Heap;
  readonly names = new Map<string, number>();
  #snapshot: Snapshot = { memory: new Uint8Array(), globals: [] };

  constructor(instance: WebAssembly.Instance) {
    this.exports = instance.exports as unknown as ModuleExports;
    this.heap = new Heap(this.exports);
  }

  start(names: readonly string[]): void {
    this.exports._start?.();
    this.heap.refresh();
    for (const name of names) this.names.set(name, this.heap.writeString(name));
    const top = this.exports.allocate(0) >>> 0;
    const globals = Object.entries(this.exports)
      .filter(([name]) => name.startsWith(GLOBAL_PREFIX))
      .map(([, global]) => global as WebAssembly.Global);
    this.#snapshot = {
      memory: new Uint8Array(this.exports.memory.buffer).slice(0, top),
      globals: globals.map((global) => ({ global, value: global.value })),
    };
    this.heap.sealConstants(top);
    this.heap.resetArena();
  }

  /** Puts the instance back to its snapshot; false when it grew too large to be worth it. */
  reset(): boolean {
    const { buffer } = this.exports.memory;
    if (buffer.byteLength > MAX_REUSED_MEMORY) return false;
    const memory = new Uint8Array(buffer);
    memory.set(this.#snapshot.memory);
    memory.fill(0, this.#snapshot.memory.length);
    for (const { global, value } of this.#snapshot.globals) global.value = value;
    this.heap.resetArena();
    return true;
  }
}

/** Imports are found by name alone; their module part is only the source file's name. */
function importObject(
  module: WebAssembly.Module,
  host: { context: HostContext; functions: HostFunctions },
): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const entry of WebAssembly.Module.imports(module)) {
    if (entry.kind !== "function") throw new Error(`it imports the ${entry.kind} \`${entry.name}\``);
    const target = host.functions[entry.name] ?? refusedFunction(entry.name);
    (imports[entry.module] ??= {})[entry.name] = (a = 0, b = 0, c = 0, d = 0) => {
      host.context.heap.refresh();
      return target(a >>> 0, b >>> 0, c >>> 0, d >>> 0);
    };
  }
  return imports;
}

function classify(error: unknown, incomplete: boolean): unknown {
  if (error instanceof BlockDataNeeded) {
    return incomplete
      ? error
      : new MappingError("the mapping follows a pointer outside of its memory", { cause: error });
  }
  if (error instanceof WebAssembly.RuntimeError) {
    if (incomplete) return new BlockDataNeeded();
    return new MappingError(`wasm trap: ${error.message}`, { cause: error });
  }
  if (error instanceof RangeError) return new MappingError(`wasm trap: ${error.message}`, { cause: error });
  return error;
}
