import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { concatHex, encodeFunctionData, numberToHex } from "viem";
import { testAccount } from "./anvil.ts";
import type { TestNetwork, TestRelayer } from "./test-network.ts";

/** A report that is acceptable for its epoch as far as the chain can tell, changed where a test wants it. */
export async function makeReport(
  { chain }: TestNetwork,
  changes: Pick<Report, "epoch"> & Partial<Report>,
): Promise<Report> {
  const beaconBlock = BigInt((await chain.head()).number - 12);
  const block = await chain.rpc<{ hash: Hex }>("eth_getBlockByNumber", numberToHex(beaconBlock), false);
  return {
    shard: 0,
    round: 0,
    committeeVersion: 1,
    beaconBlock,
    beacon: block.hash,
    root: `0x${"ab".repeat(32)}`,
    absent: "0x",
    degraded: "0x",
    quality: "0x",
    ...changes,
  };
}

/** Signatures of a report by every relayer, by seat. */
export async function signReport(
  { config }: TestNetwork,
  report: Report,
  relayers: readonly Pick<TestRelayer, "accountIndex">[],
): Promise<Map<number, Hex>> {
  const domain = { chainId: config.chainId, bridge: config.contracts.AttestationBridge };
  const hash = hashReport(domain, report);
  const signatures = relayers.map(({ accountIndex }) => testAccount(accountIndex).sign({ hash }));
  return new Map((await Promise.all(signatures)).map((signature, seat) => [seat, signature]));
}

/**
 * Puts a report on chain from account 0, signed by every relayer.
 *
 * @param seats Seats whose signatures go with it; default: all.
 * @returns Signatures of every relayer, by seat.
 */
export async function postReport(
  network: TestNetwork,
  report: Report,
  relayers: TestRelayer[],
  seats = relayers.map((_, seat) => seat),
): Promise<Map<number, Hex>> {
  const signatures = await signReport(network, report, relayers);
  const signers = seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
  const args = [report, signers, concatHex(seats.map((seat) => signatures.get(seat)!))] as const;
  const data = encodeFunctionData({ abi: attestationBridgeAbi, functionName: "submitReport", args });
  await network.chain.send({ from: testAccount(0).address, to: network.config.contracts.AttestationBridge, data });
  return signatures;
}
