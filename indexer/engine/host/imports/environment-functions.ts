import { decodeValue } from "../../abi/abi-decode.ts";
import { encodeValue } from "../../abi/abi-encode.ts";
import { parseAbiType } from "../../abi/abi-type.ts";
import type { DataSourceContext } from "../data-source-context.ts";
import {
  readEthValue,
  readStoreMap,
  readStoreValue,
  writeEthValue,
  writeKindedValue,
  writeStoreMap,
} from "../heap-values.ts";
import { LOG_LEVEL } from "../host-context.ts";
import type { HostContext, HostFunction, HostFunctions } from "../host-context.ts";
import { MappingError } from "../mapping-error.ts";

/** Host functions that need data from outside the events, so that their result could not be replayed. */
const REFUSED: Readonly<Record<string, string>> = {
  "ethereum.call": "contract calls are not supported: put what the mapping needs into the event",
  "ethereum.getBalance": "ethereum.getBalance is not supported: put what the mapping needs into the event",
  "ethereum.hasCode": "ethereum.hasCode is not supported: put what the mapping needs into the event",
  "ens.nameByHash": "ens.nameByHash is not supported: there is no ENS data",
  "ipfs.cat": "ipfs.cat is not supported: there is no IPFS node",
  "ipfs.map": "ipfs.map is not supported: there is no IPFS node",
  "ipfs.getBlock": "ipfs.getBlock is not supported: there is no IPFS node",
};

/** `abort`, `log.log`, `dataSource.*`, `ethereum.encode` and `ethereum.decode`. */
export function environmentFunctions(context: HostContext): HostFunctions {
  return {
    abort: (message = 0, file = 0, line = 0, column = 0) => {
      throw new MappingError(describeAbort(context, { message, file, line, column }));
    },
    "log.log": (level = 0, message = 0) => {
      const text = context.heap.readString(message);
      context.log(level, text);
      if (level === LOG_LEVEL.critical) {
        throw new MappingError(`Critical error logged in mapping with log message: ${text}`);
      }
      return undefined;
    },
    "ethereum.encode": (value = 0) => {
      const token = readEthValue(context.heap, value);
      const bytes = orNull(() => encodeValue(token));
      return bytes === null ? 0 : context.heap.writeBytes(bytes);
    },
    "ethereum.decode": (types = 0, data = 0) => {
      const source = context.heap.readString(types);
      const bytes = context.heap.readBytes(data);
      const value = orNull(() => decodeValue(parseAbiType(source), bytes));
      return value === null ? 0 : writeEthValue(context.heap, value);
    },
    ...dataSourceFunctions(context),
  };
}

/** The function for an import that the engine does not offer; it fails when it is called. */
export function refusedFunction(name: string): HostFunction {
  return () => {
    throw new MappingError(REFUSED[name] ?? `the host function \`${name}\` is not supported`);
  };
}

function dataSourceFunctions(context: HostContext): HostFunctions {
  return {
    "dataSource.address": () => context.heap.writeBytes(context.dataSource.address),
    "dataSource.network": () => context.heap.writeString(context.dataSource.network),
    "dataSource.context": () => {
      const entries = [...context.dataSource.context].sort(([a], [b]) => (a < b ? -1 : 1));
      return writeStoreMap(
        context.heap,
        entries.map(([name, value]) => [context.heap.writeString(name), writeKindedValue(context.heap, value)]),
      );
    },
    "dataSource.create": (name = 0, params = 0) => {
      context.createDataSource(context.heap.readString(name), readStrings(context, params), new Map());
      return undefined;
    },
    "dataSource.createWithContext": (name = 0, params = 0, entity = 0) => {
      const values: DataSourceContext = new Map(
        readStoreMap(context.heap, entity).map((entry) => [entry.name, readStoreValue(context.heap, entry.pointer)]),
      );
      context.createDataSource(context.heap.readString(name), readStrings(context, params), values);
      return undefined;
    },
  };
}

function readStrings(context: HostContext, array: number): string[] {
  return context.heap.readPointers(array).map((pointer) => context.heap.readString(pointer));
}

function describeAbort(
  context: HostContext,
  at: { message: number; file: number; line: number; column: number },
): string {
  const message = at.message === 0 ? "no message" : `message: ${context.heap.readString(at.message)}`;
  const file = at.file === 0 ? "an unknown location" : context.heap.readString(at.file);
  const line = at.line === 0 ? "" : `, line ${at.line}`;
  const column = at.column === 0 ? "" : `, column ${at.column}`;
  return `Mapping aborted at ${file}${line}${column}, with ${message}`;
}

/** graph-node answers null when encoding or decoding fails. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
