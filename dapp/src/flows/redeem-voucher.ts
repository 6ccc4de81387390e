import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import type { SignedVoucher } from "@pqmesh/contracts/protocol/market-statements";
import type { Address } from "viem";
import type { LeaseView } from "../lib/lease-view.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Pays the provider what a client signed, up to the rent of proven epochs. */
export function redeemVoucherPlan(
  vouchers: Address,
  { unit, id, meter }: LeaseView,
  { voucher, signature }: SignedVoucher,
): TransactionPlan {
  const { earned = 0n, redeemed = 0n } = meter ?? {};
  const upTo = voucher.amount < earned ? voucher.amount : earned;
  const now = upTo > redeemed ? upTo - redeemed : 0n;
  return {
    title: `Redeem a voucher of lease ${id}`,
    summary: `The client signed for ${formatTokenExact(voucher.amount, unit)} in all. ${formatTokenExact(now, unit)} can be paid now, less the fee of the treasury; the rest once proven epochs cover it.`,
    facts: [
      { label: "Earned so far", value: formatTokenExact(earned, unit) },
      { label: "Paid before", value: formatTokenExact(redeemed, unit) },
    ],
    steps: [
      callStep("Redeem", {
        ...{ address: vouchers, abi: leaseVouchersAbi, functionName: "redeem" },
        args: [voucher.leaseId, voucher.amount, signature],
      }),
    ],
    outcome: () => `The voucher of lease ${id} is paid as far as proven epochs cover it.`,
  };
}

/** Credits the client what no voucher drew on in time. */
export function returnUnredeemedPlan(vouchers: Address, { unit, id, meter }: LeaseView): TransactionPlan {
  const rest = (meter?.earned ?? 0n) - (meter?.redeemed ?? 0n);
  return {
    title: `Return what is left of lease ${id}`,
    summary: `The time for vouchers is over: ${formatTokenExact(rest, unit)} that nobody redeemed are credited to the client.`,
    facts: [{ label: "Who may do this", value: "anyone" }],
    steps: [
      callStep("Return", {
        ...{ address: vouchers, abi: leaseVouchersAbi, functionName: "returnUnredeemed", args: [BigInt(id)] },
      }),
    ],
    outcome: () => `${formatTokenExact(rest, unit)} are credited to the client.`,
  };
}
