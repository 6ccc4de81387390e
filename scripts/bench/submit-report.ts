import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { concat, hexlify, type Wallet } from "ethers";
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
}

/**
 * Reports an epoch of shard 0 in the last epoch of its window, when every earlier one may be passed over, and returns
 * the gas of the whole transaction.
 */
export async function submitReport(mesh: MeshDeployment, scenario: ReportScenario): Promise<number> {
  const { epoch, members, signatures, absent = [], degraded = [] } = scenario;
  await goToEpoch(mesh, epoch + REPORT_WINDOW);
  const beacon = await recentBeacon(mesh);
  const report = {
    epoch,
    shard: 0,
    round: 0,
    committeeVersion: await mesh.committee.latestVersion(),
    beaconBlock: beacon.number,
    beacon: beacon.hash,
    root: hexlify(seededBytes(`root of ${epoch}`, 32)),
    absent: encodeIndexList(absent),
    degraded: encodeIndexList(degraded),
    quality: hexlify(seededBytes(`quality of ${epoch}`, 512)),
  };
  const digest = await mesh.bridge.hashReport(report);
  const signed = members.slice(0, signatures).map((member) => member.signingKey.sign(digest).serialized);
  const sent = await mesh.bridge.submitReport(report, (1n << BigInt(signatures)) - 1n, concat(signed));
  const receipt = await sent.wait();
  return Number(receipt.gasUsed);
}
