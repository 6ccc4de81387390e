import { z } from "zod";
import type { AssetKind } from "./asset-kind.ts";
import { fieldFlaw } from "./file-flaws.ts";

/** Bytes of UTF-8 that specs may have on chain. */
export const MAX_SPECS_BYTES = 1_024;

/** A short text on one line. */
function line(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .regex(
      /^[\p{L}\p{M}\p{N}\p{P}\p{S}](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ]*[\p{L}\p{M}\p{N}\p{P}\p{S}])?$/u,
      "must be one line of text without spaces around it",
    );
}

const count = (least: number, most: number) => z.int().min(least).max(most);
const architecture = z.enum(["x86-64", "arm64", "riscv64"]);
const note = line(200).optional();
/** An image by name and digest, so that what runs is what was meant. */
const image = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9][a-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/,
    "must be an image, for example docker.io/library/nginx@sha256:…",
  );

const SHAPES = {
  CPU: z.strictObject({
    /** Hardware threads. */
    threads: count(1, 4_096),
    architecture,
    model: line(64).optional(),
    clockMhz: count(100, 10_000).optional(),
    note,
  }),
  GPU: z.strictObject({
    model: line(64),
    devices: count(1, 64),
    /** Memory of one device. */
    memoryMib: count(256, 16_777_216),
    interconnect: z.enum(["PCIe", "NVLink", "InfinityFabric"]).optional(),
    note,
  }),
  Memory: z.strictObject({
    memoryMib: count(1, 67_108_864),
    isErrorCorrecting: z.boolean().optional(),
    note,
  }),
  Storage: z.strictObject({
    storageGib: count(1, 16_777_216),
    medium: z.enum(["HDD", "SSD", "NVMe"]),
    /** Random reads of 4 KiB per second. */
    readsPerSecond: count(1, 100_000_000).optional(),
    isEncrypted: z.boolean().optional(),
    note,
  }),
  Network: z.strictObject({
    megabitsPerSecond: count(1, 1_000_000),
    /** Traffic that is included in an epoch; unlimited when missing. */
    trafficMibPerEpoch: count(1, 1_000_000_000).optional(),
    publicIpv4Addresses: count(0, 256).optional(),
    hasIpv6: z.boolean().optional(),
    note,
  }),
  Container: z.strictObject({
    /** Thousandths of a hardware thread. */
    milliThreads: count(10, 4_096_000),
    memoryMib: count(1, 67_108_864),
    storageGib: count(0, 16_777_216),
    architecture,
    /** The only image that runs; the client brings one when missing. */
    image: image.optional(),
    note,
  }),
} as const;

/** What one unit of a listing is, by kind of asset. Each field has its unit in its name. */
export type ListingSpecs<Kind extends AssetKind = AssetKind> = { [K in Kind]: z.infer<(typeof SHAPES)[K]> }[Kind];

/** Specs that were read, or one sentence for each thing that is wrong with them. */
export type ParsedSpecs<Kind extends AssetKind = AssetKind> =
  { readonly specs: ListingSpecs<Kind> } | { readonly flaws: readonly string[] };

/** Schema of the specs of a kind, for forms and descriptions of an API. */
export function specsShape(kind: AssetKind): z.ZodObject {
  return SHAPES[kind];
}

/** Reads the specs of a listing; everything that the operator may have written is answered with sentences, nothing is thrown. */
export function parseSpecs<Kind extends AssetKind>(kind: Kind, text: string): ParsedSpecs<Kind> {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_SPECS_BYTES)
    return { flaws: [`specs must have at most ${MAX_SPECS_BYTES} bytes, these have ${bytes}`] };
  if (text === "") return { flaws: ["specs are missing"] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { flaws: ["specs are not JSON"] };
  }
  return checkSpecs(kind, json);
}

/** Checks specs that are an object already. */
export function checkSpecs<Kind extends AssetKind>(kind: Kind, value: unknown): ParsedSpecs<Kind> {
  const { data, error } = SHAPES[kind].safeParse(value);
  if (error) return { flaws: error.issues.map((issue) => `specs of ${kind}: ${sentenceOf(issue)}`) };
  return { specs: data as ListingSpecs<Kind> };
}

/**
 * Canonical text of specs as it goes on chain: keys in alphabetical order, no spaces.
 * @throws Error with a sentence for each flaw, or when the text is longer than 1,024 bytes of UTF-8
 */
export function formatSpecs<Kind extends AssetKind>(kind: Kind, specs: ListingSpecs<Kind>): string {
  const entries = Object.entries(specs).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
  const parsed = parseSpecs(kind, text);
  if ("flaws" in parsed) throw new Error(parsed.flaws.join("; "));
  return text;
}

/** One line for people, for example "8 threads x86-64, 3,200 MHz". */
export function describeSpecs<Kind extends AssetKind>(kind: Kind, specs: ListingSpecs<Kind>): string {
  const parts = PARTS[kind](specs);
  return parts.filter((part) => part !== undefined && part !== false).join(", ");
}

type Part = string | false | undefined;

const PARTS: { readonly [K in AssetKind]: (specs: ListingSpecs<K>) => Part[] } = {
  CPU: ({ threads, architecture: arch, model, clockMhz }) => [
    `${many(threads, "thread")} ${arch}`,
    model,
    clockMhz !== undefined && `${grouped(clockMhz)} MHz`,
  ],
  GPU: ({ model, devices, memoryMib, interconnect }) => [
    devices === 1 ? model : `${grouped(devices)} × ${model}`,
    `${bytesOf(memoryMib)} each`,
    interconnect,
  ],
  Memory: ({ memoryMib, isErrorCorrecting }) => [bytesOf(memoryMib), isErrorCorrecting === true && "ECC"],
  Storage: ({ storageGib, medium, readsPerSecond, isEncrypted }) => [
    `${bytesOf(storageGib * 1_024)} ${medium}`,
    readsPerSecond !== undefined && `${grouped(readsPerSecond)} reads/s`,
    isEncrypted === true && "encrypted",
  ],
  Network: ({ megabitsPerSecond, trafficMibPerEpoch, publicIpv4Addresses, hasIpv6 }) => [
    megabitsPerSecond % 1_000 === 0
      ? `${grouped(megabitsPerSecond / 1_000)} Gbit/s`
      : `${grouped(megabitsPerSecond)} Mbit/s`,
    trafficMibPerEpoch !== undefined && `${bytesOf(trafficMibPerEpoch)} per epoch`,
    publicIpv4Addresses !== undefined && `${grouped(publicIpv4Addresses)} IPv4`,
    hasIpv6 === true && "IPv6",
  ],
  Container: ({ milliThreads, memoryMib, storageGib, architecture: arch, image: only }) => [
    `${grouped(milliThreads / 1_000)} ${milliThreads === 1_000 ? "thread" : "threads"} ${arch}`,
    `${bytesOf(memoryMib)} memory`,
    storageGib > 0 && `${bytesOf(storageGib * 1_024)} storage`,
    only?.replace(/@.*$/, ""),
  ],
};

/** {@link fieldFlaw} speaks of files where a field has no name. */
function sentenceOf(issue: Parameters<typeof fieldFlaw>[0]): string {
  return fieldFlaw(issue).replace(/^the whole file /, "");
}

function many(number: number, word: string): string {
  return `${grouped(number)} ${word}${number === 1 ? "" : "s"}`;
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

/** Mebibytes in the largest unit that leaves a whole number. */
function bytesOf(mebibytes: number): string {
  const units = ["MiB", "GiB", "TiB", "PiB"];
  let [amount, unit] = [mebibytes, 0];
  while (amount % 1_024 === 0 && unit < units.length - 1) [amount, unit] = [amount / 1_024, unit + 1];
  return `${grouped(amount)} ${units[unit]}`;
}
