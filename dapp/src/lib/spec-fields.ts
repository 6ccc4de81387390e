import type { AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { checkSpecs, formatSpecs, specsShape } from "@pqmesh/contracts/protocol/listing-specs";

/** A field of the specs of a kind, as a form shows it. */
export interface SpecField {
  key: string;
  label: string;
  type: "number" | "text" | "boolean" | "choice";
  isRequired: boolean;
  /** Of a choice. */
  options: readonly string[];
}

/** Names of the fields of specs. */
export const SPEC_LABELS: Readonly<Record<string, string>> = {
  threads: "Hardware threads",
  architecture: "Architecture",
  model: "Model",
  clockMhz: "Clock, MHz",
  note: "Note",
  devices: "Devices",
  memoryMib: "Memory, MiB",
  interconnect: "Interconnect",
  isErrorCorrecting: "Error-correcting",
  storageGib: "Storage, GiB",
  medium: "Medium",
  readsPerSecond: "Random reads a second",
  isEncrypted: "Encrypted",
  megabitsPerSecond: "Bandwidth, Mbit/s",
  trafficMibPerEpoch: "Traffic an epoch, MiB",
  publicIpv4Addresses: "Public IPv4 addresses",
  hasIpv6: "IPv6",
  milliThreads: "Thousandths of a thread",
  image: "Image, by digest",
};

/** Specs as they are typed. */
export type TypedSpecs = Readonly<Record<string, string>>;

/** Specs as JSON text, or the first thing that is wrong with what was typed. */
export interface WrittenSpecs {
  text: string;
  problem?: string;
}

/** Fields of the specs of a kind, by its schema. */
export function specFields(kind: AssetKind): SpecField[] {
  const shape: Readonly<Record<string, unknown>> = specsShape(kind).shape;
  return Object.entries(shape).map(([key, schema]) => {
    const { isRequired, type, options } = describe(schema as Schema);
    return { key, label: SPEC_LABELS[key] ?? key, type, isRequired, options };
  });
}

/** Specs as JSON text; empty fields are left out. */
export function writeSpecs(kind: AssetKind, typed: TypedSpecs): WrittenSpecs {
  const content: Record<string, string | number | boolean> = {};
  for (const { key, label, type, isRequired } of specFields(kind)) {
    const value = (typed[key] ?? "").trim();
    if (value === "" && isRequired) return { text: "", problem: `${label} is missing.` };
    if (value === "") continue;
    if (type === "number" && !/^\d{1,12}$/.test(value))
      return { text: "", problem: `${label} must be a whole number.` };
    content[key] = type === "number" ? Number(value) : type === "boolean" ? value === "yes" : value;
  }
  const checked = checkSpecs(kind, content);
  return "specs" in checked
    ? { text: formatSpecs(kind, checked.specs) }
    : { text: "", problem: `${checked.flaws[0] ?? "specs are wrong"}.` };
}

/** What would be typed for specs. */
export function typedSpecs(kind: AssetKind, text: string): TypedSpecs {
  let content: Record<string, string | number | boolean | undefined>;
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    return {};
  }
  const word = (value: string | number | boolean | undefined): string => {
    return typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? "");
  };
  return Object.fromEntries(specFields(kind).map(({ key }) => [key, word(content?.[key])]));
}

/** What of a schema a form needs. */
interface Schema {
  type: string;
  options?: readonly string[];
  def: { innerType?: Schema };
}

function describe(schema: Schema): Pick<SpecField, "type" | "isRequired" | "options"> {
  if (schema.type === "optional" && schema.def.innerType) {
    return { ...describe(schema.def.innerType), isRequired: false };
  }
  const options = schema.options ?? [];
  if (schema.type === "boolean") return { type: "boolean", isRequired: true, options: ["yes", "no"] };
  const type = schema.type === "enum" ? "choice" : schema.type === "number" ? "number" : "text";
  return { type, isRequired: true, options };
}
