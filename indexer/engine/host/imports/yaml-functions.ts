import type { HostContext, HostFunctions } from "../host-context.ts";
import type { Heap } from "../heap.ts";
import { MappingError } from "../mapping-error.ts";
import { TYPE } from "../type-ids.ts";
import { parseYaml } from "./yaml-value.ts";
import type { YamlValue } from "./yaml-value.ts";

/** Kinds of a YAML value, numbered as graph-ts `YAMLValueKind`. */
const YAML_KIND = { null: 0, bool: 1, number: 2, string: 3, list: 4, map: 5, tagged: 6 } as const;

/** `yaml.*`: parsing YAML that events or strings carry. */
export function yamlFunctions(context: HostContext): HostFunctions {
  return {
    "yaml.fromBytes": (bytes = 0) => {
      const data = context.heap.readBytes(bytes);
      let value: YamlValue;
      try {
        value = parseYaml(data);
      } catch (error) {
        throw new MappingError(`Failed to parse YAML from byte array: ${(error as Error).message}`, { cause: error });
      }
      return writeYaml(context.heap, value);
    },
    "yaml.try_fromBytes": (bytes = 0) => tryParse(context.heap, context.heap.readBytes(bytes)),
  };
}

function tryParse(heap: Heap, data: Uint8Array): number {
  let value: YamlValue;
  try {
    value = parseYaml(data);
  } catch {
    const failed = heap.allocate(TYPE.wrappedBool, 1);
    heap.writeByte(failed, 1);
    return heap.writeFields(TYPE.resultYamlValue, [0, failed]);
  }
  const wrapped = heap.writeFields(TYPE.wrappedYamlValue, [writeYaml(heap, value)]);
  return heap.writeFields(TYPE.resultYamlValue, [wrapped, 0]);
}

function writeYaml(heap: Heap, value: YamlValue): number {
  return heap.writeTagged(TYPE.yamlValue, YAML_KIND[value.kind], payloadOf(heap, value));
}

function payloadOf(heap: Heap, value: YamlValue): number {
  switch (value.kind) {
    case "null":
      return 0;
    case "bool":
      return value.value ? 1 : 0;
    case "number":
    case "string":
      return heap.writeString(value.value);
    case "list": {
      const items = value.items.map((item) => writeYaml(heap, item));
      return heap.writePointers(TYPE.arrayYamlValue, items);
    }
    case "map": {
      const entries = value.entries.map(([key, item]) =>
        heap.writeFields(TYPE.yamlEntry, [writeYaml(heap, key), writeYaml(heap, item)]),
      );
      return heap.writeFields(TYPE.yamlMap, [heap.writePointers(TYPE.arrayYamlEntry, entries)]);
    }
    case "tagged":
      return heap.writeFields(TYPE.yamlTagged, [heap.writeString(value.tag), writeYaml(heap, value.value)]);
  }
}
