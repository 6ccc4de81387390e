import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import {
  type IndexedLogEntry,
  LOG_ACTIONS,
  type LogAction,
  logEntryHash,
  logEntryOf,
  type RegistryEvent,
} from "@pqmesh/contracts/protocol/log-entry";
import { type LogHead, MerkleLog, verifyLogInclusion } from "@pqmesh/contracts/protocol/merkle-log";
import type { Hex } from "viem";
import { registryOf } from "./certificate-view.ts";
import type { ChainAccess } from "./chain-source.ts";
import { type NetworkServices, readEither } from "./network-services.ts";

/** Entries on a page of the log. */
export const ENTRIES_PER_PAGE = 20;
/** Entries that the indexer is asked for at once. */
const CHUNK = 1_000;

/** What a check of an entry in this browser found. */
export interface InclusionCheck {
  head: LogHead;
  /** True when leaves and proof lead to the head on chain. */
  isIncluded: boolean;
  leaf: Hex;
  proof: Hex[];
}

/** What a check of the whole log in this browser found. */
export interface LogCheck {
  /** Head as the chain has it. */
  head: LogHead;
  /** Root hash that the entries give. */
  root: Hex;
  /** Heads stored on chain that the entries do not continue. */
  forked: LogHead[];
  checkedHeads: number;
}

const ENTRIES = `query LogEntries($first: Int!, $from: BigInt!) {
  logEntries(first: $first, orderBy: index, where: { index_gte: $from }) {
    index action time authority { number } certificate { serial } kind subject notBefore notAfter x509Hash reason effectiveAt
  }
}`;

interface RawEntry {
  index: string;
  action: string;
  time: string;
  authority: { number: number };
  certificate: { serial: string } | null;
  kind: string;
  subject: string;
  notBefore: string;
  notAfter: string;
  x509Hash: Hex;
  reason: number;
  effectiveAt: string;
}

/** Size and root hash of the log now, by the chain. */
export async function readTreeHead(access: ChainAccess): Promise<LogHead> {
  const [size, root] = await access.client.readContract({ ...registryOf(access), functionName: "treeHead" });
  return { size: Number(size), root };
}

/** Heads that were stored on chain, oldest first. */
async function readPublishedHeads({ client, config }: ChainAccess): Promise<LogHead[]> {
  const heads = await client.getContractEvents({
    ...registryOf({ client, config }),
    ...{ eventName: "TreeHeadPublished", fromBlock: BigInt(config.startBlock), strict: true },
  });
  return heads.map(({ args }) => ({ size: Number(args.size), root: args.root }));
}

/** Entries from an index on, in order; who they are from does not matter, since their root hash is compared. */
export function readLogEntries(services: NetworkServices, from: number, count: number): Promise<IndexedLogEntry[]> {
  return readEither(services, {
    fromIndexer: () => entriesFromIndexer(services, from, count),
    async fromChain() {
      const entries = await entriesFromChain(services);
      return entries.slice(from, from + count);
    },
  });
}

async function entriesFromIndexer(
  { indexer }: NetworkServices,
  from: number,
  count: number,
): Promise<IndexedLogEntry[]> {
  const found: IndexedLogEntry[] = [];
  while (found.length < count) {
    const first = Math.min(CHUNK, count - found.length);
    const variables = { first, from: String(from + found.length) };
    const { logEntries } = await indexer.query<{ logEntries: RawEntry[] }>(ENTRIES, variables);
    found.push(...logEntries.map(toEntry));
    if (logEntries.length < first) break;
  }
  return found;
}

function toEntry(raw: RawEntry): IndexedLogEntry {
  const { index, authority, certificate, x509Hash, reason } = raw;
  return {
    index: Number(index),
    entry: {
      action: actionOf(raw.action),
      ...{ authorityId: authority.number, serial: BigInt(certificate?.serial ?? 0), x509Hash, reason },
      kind: kindOf(raw.kind),
      ...{ time: BigInt(raw.time), subject: BigInt(raw.subject), notBefore: BigInt(raw.notBefore) },
      ...{ notAfter: BigInt(raw.notAfter), effectiveAt: BigInt(raw.effectiveAt) },
    },
  };
}

/** The schema's AdmitAuthority is the protocol's admit-authority. */
function actionOf(name: string): LogAction {
  const spelled = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return LOG_ACTIONS.find((action) => action === spelled)!;
}

function kindOf(name: string): CertificateKind | undefined {
  return CERTIFICATE_KINDS.find((kind) => kind === name.toLowerCase());
}

async function entriesFromChain({ client, config }: ChainAccess): Promise<IndexedLogEntry[]> {
  const logs = await client.getContractEvents({
    ...registryOf({ client, config }),
    ...{ fromBlock: BigInt(config.startBlock), strict: true },
  });
  const blocks = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const times = new Map(
    await Promise.all(
      blocks.map(async (blockNumber) => [blockNumber, (await client.getBlock({ blockNumber })).timestamp] as const),
    ),
  );
  return logs.flatMap(({ eventName, args, blockNumber }) => {
    return logEntryOf({ eventName, args: args as RegistryEvent["args"] }, times.get(blockNumber)!) ?? [];
  });
}

/** Rebuilds the log in this browser and compares it with every head on chain. */
export async function checkLog(services: NetworkServices): Promise<LogCheck> {
  const [{ log, head }, heads] = await Promise.all([rebuild(services), readPublishedHeads(services)]);
  const known = heads.filter(({ size }) => size <= log.size);
  return {
    head,
    root: log.root(),
    forked: known.filter(({ size, root }) => log.root(size) !== root),
    checkedHeads: known.length,
  };
}

/** Proves in this browser that an entry is in the log whose head the chain has. */
export async function checkInclusion(services: NetworkServices, index: number): Promise<InclusionCheck> {
  const { log, head } = await rebuild(services);
  const [leaf, proof] = [log.leaf(index), log.inclusionProof(index)];
  return { head, leaf, proof, isIncluded: verifyLogInclusion(leaf, index, head, proof) };
}

/** The log up to the head that the chain has; entries that are missing make its root hash another one. */
async function rebuild(services: NetworkServices): Promise<{ log: MerkleLog; head: LogHead }> {
  const head = await readTreeHead(services);
  const entries = await readLogEntries(services, 0, head.size);
  return { log: new MerkleLog(entries.map(({ entry }) => logEntryHash(entry))), head };
}
