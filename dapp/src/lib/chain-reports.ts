import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { decodeIndexList } from "@pqmesh/contracts/protocol/report";
import { type Address, type Hex, hexToBytes } from "viem";
import type { ChainClient } from "./network-chain.ts";
import type { EpochCell } from "./network-view.ts";
import { searchBack } from "./search-back.ts";

/** A report as its event tells it. */
export interface ChainReport {
  epoch: number;
  shard: number;
  round: number;
  root: Hex;
  digest: Hex;
  signers: bigint;
  submitter: Address;
  absent: number[];
  degraded: number[];
  quality: Uint8Array;
  transaction: Hex;
  blockNumber: bigint;
}

/**
 * Reads the newest reports from the chain's logs, newest first, going back until there are `count` of them.
 */
export async function readReports(
  client: ChainClient,
  config: NetworkConfig,
  { count, shard }: { count: number; shard?: number },
): Promise<ChainReport[]> {
  const logs = await searchBack(client, config.startBlock, {
    count,
    read: (range) =>
      client.getContractEvents({
        address: config.contracts.AttestationBridge,
        abi: attestationBridgeAbi,
        eventName: "ReportAccepted",
        args: shard === undefined ? {} : { shard },
        ...range,
        strict: true,
      }),
  });
  return logs.map(toReport);
}

/** Cell of a node in each report, by epoch. A node that is not listed attested. */
export function cellsFromReports(reports: readonly ChainReport[], localIndex: number): Map<number, EpochCell> {
  return new Map(
    reports.map((report) => {
      const status = statusIn(report, localIndex);
      const quality = status === "Absent" ? {} : { quality: report.quality[localIndex] ?? 0 };
      return [report.epoch, { epoch: report.epoch, status, ...quality }];
    }),
  );
}

function statusIn({ absent, degraded }: ChainReport, localIndex: number): EpochStatus {
  if (absent.includes(localIndex)) return "Absent";
  return degraded.includes(localIndex) ? "Degraded" : "Attested";
}

interface ReportLog {
  args: {
    epoch: bigint;
    shard: number;
    root: Hex;
    round: number;
    digest: Hex;
    signers: bigint;
    submitter: Address;
    absent: Hex;
    degraded: Hex;
    quality: Hex;
  };
  transactionHash: Hex;
  blockNumber: bigint;
}

function toReport({ args, transactionHash, blockNumber }: ReportLog): ChainReport {
  return {
    epoch: Number(args.epoch),
    shard: args.shard,
    round: args.round,
    root: args.root,
    digest: args.digest,
    signers: args.signers,
    submitter: args.submitter,
    absent: decodeIndexList(args.absent),
    degraded: decodeIndexList(args.degraded),
    quality: hexToBytes(args.quality),
    transaction: transactionHash,
    blockNumber,
  };
}
