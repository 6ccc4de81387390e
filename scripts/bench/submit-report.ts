import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { concat, getBytes, hexlify, type Wallet } from "ethers";
import { goToEpoch, type MeshDeployment, recentBeacon, REPORT_WINDOW, seededBytes } from "./mesh-deployment.ts";

/** A report to measure: everything that is not named is as in a healthy epoch of 512 nodes. */
export interface ReportScenario {
  epoch: number;
  /** Relayers in seat order. */
  members: readonly Wallet[];
  /** How many of them sign. */
  signatures: number;
  absent?: readonly number[];
  degraded?: readonly number[];
  /** Root of the leaves; pseudo-random by default. */
  root?: string;
}

/** Gas of a whole transaction that reported, and what it reported. */
export interface ReportGas {
  report: Record<string, unknown>;
  used: number;
  /**
   * As if its call data had no zero bytes. Signatures depend on block hashes, and these on every contract there is: only
   * this figure is the same until the bridge or the committee changes.
   */
  withoutZeroBytes: number;
}

/** Gas that a zero byte of call data is cheaper than another one (EIP-2028). */
const ZERO_BYTE_DISCOUNT = 12;

/** Reports an epoch of shard 0 in the last epoch of its window, when every earlier one may be passed over. */
export async function submitReport(mesh: MeshDeployment, scenario: ReportScenario): Promise<ReportGas> {
  const { epoch, members, signatures, absent = [], degraded = [], root } = scenario;
  await goToEpoch(mesh, epoch + REPORT_WINDOW);
  const beacon = await recentBeacon(mesh);
  const report = {
    epoch,
    shard: 0,
    round: 0,
    committeeVersion: await mesh.committee.latestVersion(),
    beaconBlock: beacon.number,
    beacon: beacon.hash,
    root: root ?? hexlify(seededBytes(`root of ${epoch}`, 32)),
    absent: encodeIndexList(absent),
    degraded: encodeIndexList(degraded),
    quality: hexlify(seededBytes(`quality of ${epoch}`, 512)),
  };
  const digest = await mesh.bridge.hashReport(report);
  const signed = members.slice(0, signatures).map((member) => member.signingKey.sign(digest).serialized);
  const sent = await mesh.bridge.submitReport(report, (1n << BigInt(signatures)) - 1n, concat(signed));
  const receipt = await sent.wait();
  const used = Number(receipt.gasUsed);
  const zeroBytes = getBytes(sent.data).filter((byte) => byte === 0).length;
  return { report, used, withoutZeroBytes: used + ZERO_BYTE_DISCOUNT * zeroBytes };
}
