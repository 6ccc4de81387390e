import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, hashReport, type Report, shardOf } from "@pqmesh/contracts/protocol/report";
import { type Address, concatHex, type Hex, keccak256, numberToHex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";

/** Where a report belongs. */
export interface ReportPlace {
  shard: number;
  epoch: number;
}

/** A report as the committee signed it and the bridge accepted it. */
export interface ReportDetail {
  report: Report;
  /** Bit i is set when seat i signed. */
  signers: bigint;
  digest: Hex;
  submitter: Address;
  transaction: Hex;
  /** Unix seconds of the block; undefined when the log does not tell. */
  timestamp?: number;
}

/** What the chain says about a report now. */
export interface ReportStanding {
  /** True when digest and signers, computed in this browser, are what the bridge committed to. */
  isCommitted: boolean;
  /** True when a leaf of it was proven invalid or withheld. */
  isForged: boolean;
  /** Seats of the committee that was in force, in seat order. */
  members: readonly Address[];
  /** Nodes that attested by the report and are absent since a leaf was proven invalid or withheld. */
  voided: readonly number[];
  /** Nodes that are absent by the report and attested since they proved their run themselves. */
  admitted: readonly number[];
}

const ATTESTED = EPOCH_STATUSES.indexOf("Attested");

const QUERY = `query Report($id: ID!) {
  report(id: $id) {
    round committeeVersion root digest beacon beaconBlock signers submitter absent degraded quality timestamp transaction
  }
}`;

interface RawReport {
  round: number;
  committeeVersion: number;
  root: Hex;
  digest: Hex;
  beacon: Hex;
  beaconBlock: string;
  signers: string;
  submitter: Address;
  absent: Hex;
  degraded: Hex;
  quality: Hex;
  timestamp: string;
  transaction: Hex;
}

/** Reads a report from the indexer; undefined when none was accepted. */
export async function reportFromIndexer(
  client: IndexerClient,
  { shard, epoch }: ReportPlace,
): Promise<ReportDetail | undefined> {
  const data = await client.query<{ report: RawReport | null }>(QUERY, { id: `${epoch}-${shard}` });
  if (!data.report) return undefined;
  const { digest, signers, submitter, transaction, timestamp, beaconBlock, ...rest } = data.report;
  return {
    report: { ...rest, epoch: BigInt(epoch), shard, beaconBlock: BigInt(beaconBlock) },
    ...{ digest, submitter, transaction, signers: BigInt(signers), timestamp: Number(timestamp) },
  };
}

/** Reads a report from the chain's logs; undefined when none was accepted. */
export async function reportFromChain(
  { client, config }: ChainAccess,
  { shard, epoch }: ReportPlace,
): Promise<ReportDetail | undefined> {
  const [log] = await client.getContractEvents({
    address: config.contracts.AttestationBridge,
    abi: attestationBridgeAbi,
    eventName: "ReportAccepted",
    args: { shard, epoch: BigInt(epoch) },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  });
  if (!log) return undefined;
  const { digest, signers, submitter, ...report } = log.args;
  return { report, digest, signers, submitter, transaction: log.transactionHash };
}

/** Checks a report against the chain and reads what became of it. @throws when the RPC endpoint does not answer. */
export async function readReportStanding(
  access: ChainAccess,
  { report, signers, digest }: ReportDetail,
): Promise<ReportStanding> {
  const { client, config } = access;
  const { AttestationBridge: bridge, AttestationDisputes, RelayerCommittee } = config.contracts;
  const { shard, epoch, committeeVersion } = report;
  const [commitment, isForged, members, voids, statuses] = await Promise.all([
    client.readContract({
      address: bridge,
      abi: attestationBridgeAbi,
      functionName: "reportCommitment",
      args: [shard, epoch],
    }),
    client.readContract({
      address: AttestationDisputes,
      abi: attestationDisputesAbi,
      functionName: "isForged",
      args: [digest],
    }),
    client.readContract({
      address: RelayerCommittee,
      abi: relayerCommitteeAbi,
      functionName: "membersOf",
      args: [committeeVersion],
    }),
    client.getContractEvents({
      address: bridge,
      abi: attestationBridgeAbi,
      eventName: "EpochVoided",
      args: { epoch },
      fromBlock: BigInt(config.startBlock),
      strict: true,
    }),
    statusesOf(access, report),
  ]);
  const computed = hashReport({ chainId: config.chainId, bridge }, report);
  return {
    isCommitted: keccak256(concatHex([computed, numberToHex(signers, { size: 32 }), report.beacon])) === commitment,
    isForged,
    members,
    voided: voids.map(({ args }) => args.nodeIndex).filter((node) => shardOf(node) === shard),
    admitted: [...statuses].filter(([, status]) => status === ATTESTED).map(([node]) => node),
  };
}

/** Node indices in a list of a report. */
export function listedNodes({ shard }: Pick<Report, "shard">, list: Hex): number[] {
  return decodeIndexList(list).map((local) => shard * SHARD_SIZE + local);
}

/** Seats whose bit is set. */
export function signedSeats(signers: bigint): number[] {
  return [...signers.toString(2)].reverse().flatMap((bit, seat) => (bit === "1" ? [seat] : []));
}

/** Status now of every node that the report names absent. */
async function statusesOf({ client, config }: ChainAccess, report: Report): Promise<Map<number, number>> {
  const asked = listedNodes(report, report.absent).map(async (node): Promise<[number, number]> => {
    const status = await client.readContract({
      address: config.contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      functionName: "statusOf",
      args: [node, report.epoch],
    });
    return [node, status];
  });
  return new Map(await Promise.all(asked));
}
