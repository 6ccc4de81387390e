import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { formatSpecs, parseSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import type { Command } from "commander";
import { type Hex, stringToHex, zeroHash } from "viem";
import { naturalArgument, percentArgument, readTextFile } from "./arguments.ts";
import type { ListingDescription, ListingTerms } from "./listing-state.ts";
import { usageError } from "./output.ts";
import { type Token, tokenArgument } from "./tokens.ts";

/** Highest price of a unit and epoch, smallest units. */
export const MAX_PRICE = 2n ** 64n - 1n;
/** Longest term that a version can allow, as `NodeListings` has it. */
const MAX_EPOCHS = 5_256_000;

/** Options that say the terms of a version; what is missing stays as it was, or has its default. */
export interface TermsOptions {
  price?: string;
  bondEpochs?: string;
  graceEpochs?: string;
  minEpochs?: string;
  maxEpochs?: string;
  uptime?: string;
  maxMissedRun?: string;
  acceptEpochs?: string;
  noticeEpochs?: string;
  metered?: boolean;
  jurisdiction?: string;
  specs?: string;
  document?: string;
}

/** Terms of a first version where no option says otherwise. */
export const DEFAULT_TERMS: Omit<ListingTerms, "token" | "price"> = {
  bondEpochs: 0,
  graceEpochs: 10,
  minEpochs: 1,
  maxEpochs: 525_600,
  uptimeBp: 9_500,
  maxMissedRun: 10,
  acceptEpochs: 10,
  noticeEpochs: 10,
  isMetered: false,
};

/** What a version says beside its terms, as the contract takes it. */
export interface EncodedDescription {
  metadata: Hex;
  jurisdiction: Hex;
  specs: string;
}

/** Adds the options of {@link TermsOptions}. @param isFirst Whether there is no earlier version that says the rest. */
export function withTerms(command: Command, { isFirst }: { isFirst: boolean }): Command {
  const otherwise = (value: string | number) => (isFirst ? `default: ${value}` : "default: as now");
  const { bondEpochs, graceEpochs, minEpochs, maxEpochs, maxMissedRun, acceptEpochs, noticeEpochs } = DEFAULT_TERMS;
  const price = "price of a unit and epoch, in the token";
  const priced = isFirst
    ? command.requiredOption("--price <amount>", price)
    : command.option("--price <amount>", `${price}; ${otherwise("")}`);
  return priced
    .option("--bond-epochs <count>", `epochs of rent that a breach costs the provider; ${otherwise(bondEpochs)}`)
    .option("--grace-epochs <count>", `epochs without funds in which a top-up continues; ${otherwise(graceEpochs)}`)
    .option("--min-epochs <count>", `shortest term; ${otherwise(minEpochs)}`)
    .option("--max-epochs <count>", `longest term, extensions included; ${otherwise(maxEpochs)}`)
    .option("--uptime <share>", `least share of the term that must not be missed; ${otherwise("95 %")}`)
    .option("--max-missed-run <count>", `missed epochs in a row that are a breach; ${otherwise(maxMissedRun)}`)
    .option("--accept-epochs <count>", `epochs in which the provider can accept; ${otherwise(acceptEpochs)}`)
    .option("--notice-epochs <count>", `epochs between notice and end; ${otherwise(noticeEpochs)}`)
    .option("--metered", "pay by vouchers that the client signs, at most the rent of proven epochs")
    .option("--no-metered", "pay each proven epoch")
    .option("--jurisdiction <code>", `two capital letters of ISO 3166-1; ${otherwise("none")}`)
    .option("--specs <file>", `JSON of what one unit is, at most 1,024 bytes; ${otherwise("none")}`)
    .option("--document <file>", `longer description, of which the SHA-256 goes on chain; ${otherwise("none")}`);
}

/** The terms that options ask for. @throws CliError naming the option that is wrong. */
export function termsOf(
  options: TermsOptions,
  { token, before }: { token: Token; before: Omit<ListingTerms, "token" | "price"> & { price?: bigint } },
): ListingTerms {
  const count = (name: string, text: string | undefined, otherwise: number, most = 0xffff): number =>
    text === undefined ? otherwise : naturalArgument(name, text, { most });
  const price = options.price === undefined ? before.price : tokenArgument("--price", options.price, token, MAX_PRICE);
  if (price === undefined) throw usageError("say the price with --price");
  return {
    ...{ token: token.address, price },
    bondEpochs: count("--bond-epochs", options.bondEpochs, before.bondEpochs),
    graceEpochs: count("--grace-epochs", options.graceEpochs, before.graceEpochs),
    minEpochs: count("--min-epochs", options.minEpochs, before.minEpochs, MAX_EPOCHS),
    maxEpochs: count("--max-epochs", options.maxEpochs, before.maxEpochs, MAX_EPOCHS),
    uptimeBp: options.uptime === undefined ? before.uptimeBp : percentArgument("--uptime", options.uptime),
    maxMissedRun: count("--max-missed-run", options.maxMissedRun, before.maxMissedRun),
    acceptEpochs: count("--accept-epochs", options.acceptEpochs, before.acceptEpochs),
    noticeEpochs: count("--notice-epochs", options.noticeEpochs, before.noticeEpochs),
    isMetered: options.metered ?? before.isMetered,
  };
}

/** The description that options ask for. @throws CliError naming the option or file that is wrong. */
export function descriptionOf(
  options: TermsOptions,
  kind: AssetKind,
  before: ListingDescription = { metadata: zeroHash, jurisdiction: "", specs: "" },
): EncodedDescription {
  const jurisdiction = options.jurisdiction ?? before.jurisdiction;
  if (!/^([A-Z]{2})?$/.test(jurisdiction)) {
    throw usageError("--jurisdiction must be two capital letters of ISO 3166-1, for example DE");
  }
  return {
    metadata: options.document === undefined ? before.metadata : hashOfFile(options.document),
    jurisdiction: stringToHex(jurisdiction, { size: 2 }),
    specs: options.specs === undefined ? before.specs : readSpecs(options.specs, kind),
  };
}

function readSpecs(file: string, kind: AssetKind): string {
  const parsed = parseSpecs(kind, readTextFile(file));
  if ("flaws" in parsed) throw usageError(`${file}: ${parsed.flaws.join("; ")}`);
  return formatSpecs(kind, parsed.specs);
}

function hashOfFile(file: string): Hex {
  try {
    return `0x${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
  } catch (cause) {
    throw usageError(`${file} cannot be read: ${fileFlaw(cause)}`, cause);
  }
}
