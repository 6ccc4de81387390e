import { hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { concat, type ContractTransactionResponse, id } from "ethers";
import type { Hex } from "viem";
import { connection } from "../../support/deployed-network.ts";
import { type BridgeFixture, REORG_DEPTH } from "./bridge-fixture.ts";

const { ethers } = connection;

/** Arguments of `submitReport`. */
export type Submission = [report: Report, signers: bigint, signatures: string];

/** Hash of the block at a depth below the newest one, as a report carries it. */
export async function beaconAtDepth(depth: number): Promise<Pick<Report, "beaconBlock" | "beacon">> {
  const number = (await ethers.provider.getBlockNumber()) - depth;
  const block = await ethers.provider.getBlock(number);
  if (!block?.hash) throw new Error(`there is no block ${number}`);
  return { beaconBlock: BigInt(number), beacon: block.hash as Hex };
}

/** A report of shard 0 that the bridge accepts in its time, with what a test changes. */
export async function makeReport(epoch: number | bigint, changes: Partial<Report> = {}): Promise<Report> {
  return {
    epoch: BigInt(epoch),
    shard: 0,
    round: 0,
    committeeVersion: 1,
    ...(await beaconAtDepth(REORG_DEPTH)),
    root: id(`root of ${epoch}`) as Hex,
    absent: "0x",
    degraded: "0x",
    quality: "0x",
    ...changes,
  };
}

/** Signs a report with the committee's keys at some seats, by default all; the digest comes from the protocol code. */
export function signReport({ domain, members }: BridgeFixture, report: Report, seats?: readonly number[]): Submission {
  const signing = seats ?? members.map((_, seat) => seat);
  const digest = hashReport(domain, report);
  const signatures = signing.map((seat) => members[seat].signingKey.sign(digest).serialized);
  return [report, signing.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n), concat(signatures)];
}

/** Makes, signs and sends a report. */
export async function submitReport(
  fixture: BridgeFixture,
  epoch: number | bigint,
  changes: Partial<Report> = {},
): Promise<ContractTransactionResponse> {
  const submission = signReport(fixture, await makeReport(epoch, changes));
  return fixture.bridge.submitReport(...submission);
}
