import { type IndexedLogEntry, logEntryOf } from "@pqmesh/contracts/protocol/log-entry";
import type { LogHead } from "@pqmesh/contracts/protocol/merkle-log";
import type { Address, Hex } from "viem";
import { logOrigin } from "../src/pki/checkpoint.ts";
import { findLogs } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { addressOf, contractOf } from "./contracts.ts";
import { compareHeads, rebuildLog, type RebuiltLog } from "./log-monitor.ts";
import { CliError, refuted } from "./output.ts";

/** An entry, and the event that recorded it. */
export interface RecordedEntry extends IndexedLogEntry {
  blockNumber: bigint;
  transactionHash: Hex;
  /** Who ordered it, for events that say so. */
  by: Address | undefined;
}

/** A head that somebody had the contract store. */
export interface PublishedHead extends LogHead {
  blockNumber: bigint;
  transactionHash: Hex;
}

/** What the chain has of the transparency log at a block. */
export interface ChainLog {
  origin: string;
  block: { number: bigint; hash: Hex; timestamp: bigint };
  /** In the order of the chain. */
  recorded: RecordedEntry[];
  /** Head that the contract computes. */
  head: LogHead;
  published: PublishedHead[];
  /** keccak256 of the trust domain of each authority. */
  trustDomains: Map<number, Hex>;
}

/** Reads the whole transparency log at the newest block; verifies nothing. */
export async function readChainLog(session: Session): Promise<ChainLog> {
  const { client, network } = session;
  const { number, hash, timestamp } = await client.getBlock();
  const [logs, [size, root]] = await Promise.all([
    findLogs<Record<string, unknown>>(session, { contract: "CertificateRegistry", until: number }),
    client.readContract({
      ...contractOf(session, "CertificateRegistry"),
      functionName: "treeHead",
      blockNumber: number,
    }),
  ]);
  const timeOf = blockTimes(session);
  const recorded: RecordedEntry[] = [];
  const published: PublishedHead[] = [];
  const trustDomains = new Map<number, Hex>();
  for (const { eventName, args, blockNumber, transactionHash } of logs) {
    const place = { blockNumber, transactionHash };
    const indexed = "logIndex" in args ? logEntryOf({ eventName, args }, await timeOf(blockNumber)) : undefined;
    if (indexed) recorded.push({ ...indexed, ...place, by: args.by as Address | undefined });
    if (eventName === "TreeHeadPublished")
      published.push({ size: Number(args.size), root: args.root as Hex, ...place });
    if (eventName === "AuthorityAdmitted") {
      trustDomains.set(args.authorityId as number, (args.terms as { trustDomain: Hex }).trustDomain);
    }
  }
  const origin = logOrigin(network.chainId, addressOf(network, "CertificateRegistry"));
  const block = { number, hash, timestamp };
  return { origin, block, recorded, head: { size: Number(size), root }, published, trustDomains };
}

/**
 * Rebuilds the log from its events and compares it with every head that the contract states.
 *
 * @throws CliError with what is wrong: proofs of such a log would prove nothing.
 */
export function requireSoundLog({ recorded, head, published }: ChainLog): RebuiltLog {
  const rebuilt = rebuildLog(recorded);
  const findings = [
    ...rebuilt.findings,
    ...compareHeads(rebuilt, [{ by: "the contract", ...head }, ...published.map(stated)]),
  ];
  if (findings.length > 0) throw refuted(findings.map(({ sentence }) => sentence).join("\n"));
  return rebuilt;
}

/** A head that the contract stored, as somebody's statement. */
export function stated({ size, root, blockNumber }: PublishedHead): LogHead & { by: string } {
  return { size, root, by: `the head that was published in block ${blockNumber}` };
}

/** Times of blocks, each asked for once. */
function blockTimes({ client }: Session): (blockNumber: bigint) => Promise<bigint> {
  const times = new Map<bigint, bigint>();
  return async (blockNumber) => {
    const known = times.get(blockNumber);
    if (known !== undefined) return known;
    const { timestamp } = await client.getBlock({ blockNumber });
    times.set(blockNumber, timestamp);
    return timestamp;
  };
}

/** Size that an option names. @throws CliError when the log was never so large. */
export function sizeOption(name: string, value: number, largest: number): number {
  if (value <= largest) return value;
  throw new CliError(`${name} is ${value}, the log has ${largest} entries`);
}
