import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { OpenLease } from "../chain/lease-records.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

const KIND = "sweep-leases";
/** Epochs in which a sweep should be mined; what it did not close is looked at anew then. */
export const SWEEP_PATIENCE_EPOCHS = 8n;

/** The call that sweeps leases. @param maxEpochs Epochs of each to settle at most. */
export function sweepCall(leases: readonly OpenLease[], maxEpochs: bigint) {
  const args = [leases.map(({ leaseId }) => leaseId), maxEpochs] as const;
  return { abi: leaseEscrowAbi, functionName: "sweep", args } as const;
}

/** The intent to sweep leases. @param epoch Running epoch. @param gas What the sweep needs when every lease is closed. */
export function sweepIntent(
  escrow: Address,
  leases: readonly OpenLease[],
  { epoch, gas, maxEpochs }: { epoch: bigint; gas: bigint; maxEpochs: bigint },
): Intent {
  const swept = leases.map(({ leaseId, term }) => `${leaseId}@${term?.settledUntil ?? 0n}`);
  return {
    kind: KIND,
    key: `${epoch}:${swept.join(",")}`,
    to: escrow,
    data: encodeFunctionData(sweepCall(leases, maxEpochs)),
    gas,
  };
}

/** Judges such intents: achieved once each of the leases was closed or settled, by anyone. */
export function sweepKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [madeIn = "0", swept = ""] = key.split(":");
      const places = swept.split(",").map((each) => {
        const [leaseId = "0", settledUntil = "0"] = each.split("@");
        return placeOf(chain, BigInt(leaseId), BigInt(settledUntil));
      });
      const last = places.reduce((latest, place) => (isLater(place, latest) ? place : latest));
      if (last && !places.includes(undefined)) return { state: "achieved", ...last };
      if (chain.epochAt(chain.head().timestamp) <= BigInt(madeIn) + SWEEP_PATIENCE_EPOCHS) return { state: "wanted" };
      return { state: "over", reason: `some leases were not closed in ${SWEEP_PATIENCE_EPOCHS} epochs` };
    },
  };
}

type Place = { blockNumber: bigint; transactionHash: `0x${string}` } | undefined;

/** Where a lease was closed, or settled further than it was. */
function placeOf({ leases }: ChainFollower, leaseId: bigint, settledUntil: bigint): Place {
  const lease = leases.get(leaseId);
  if (!lease) return leases.closedAt(leaseId);
  return (lease.term?.settledUntil ?? 0n) > settledUntil ? lease.settledAt : undefined;
}

function isLater(place: Place, than: Place): boolean {
  return place !== undefined && (than === undefined || place.blockNumber > than.blockNumber);
}
