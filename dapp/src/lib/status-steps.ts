import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { type StatusOrder, statusOrderArgument, statusOrderTypedData } from "@pqmesh/contracts/protocol/status-order";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { callStep, type TransactionStep } from "./transaction-plan.ts";

/** Seconds for which a delegate's signature can be sent. */
const ORDER_SECONDS = 1_800n;

/** In whose name a delegate acts. */
export interface Delegation {
  access: ChainAccess;
  /** The delegate. */
  wallet: Address;
  authorityId: number;
}

/** What happens to certificates. */
export interface StatusChange {
  registry: Address;
  action: StatusOrder["action"];
  serials: readonly bigint[];
  /** RFC 5280 reason, for Revoke; else 0. */
  reason: number;
  label: string;
}

/** Steps that change the status of certificates: by a call of the wallet, or by an order that it signs as a delegate. */
export function statusSteps(change: StatusChange, delegation: Delegation | undefined): TransactionStep[] {
  if (delegation) return delegatedSteps(change, delegation);
  return [callStep(change.label, { address: change.registry, abi: certificateRegistryAbi, ...callOf(change) })];
}

function callOf({ action, serials, reason }: StatusChange): { functionName: string; args: readonly unknown[] } {
  if (action !== "Revoke") return { functionName: action.toLowerCase(), args: [serials] };
  const [first, ...rest] = serials;
  if (rest.length === 0) return { functionName: "revoke", args: [first, reason] };
  return { functionName: "revokeMany", args: [serials, reason] };
}

function delegatedSteps(
  { registry, action, serials, reason, label }: StatusChange,
  { access: { client, config }, wallet, authorityId }: Delegation,
): TransactionStep[] {
  const contract = { address: registry, abi: certificateRegistryAbi } as const;
  let order: StatusOrder = { action, authorityId, serials, reason, nonce: 0n, deadline: 0n };
  return [
    {
      kind: "sign",
      label: `Sign as a delegate of authority ${authorityId}`,
      async typedData() {
        const [nonce, block] = await Promise.all([
          client.readContract({ ...contract, functionName: "nonceOf", args: [wallet, 0n] }),
          client.getBlock(),
        ]);
        order = { ...order, nonce, deadline: block.timestamp + ORDER_SECONDS };
        return statusOrderTypedData({ chainId: config.chainId, registry }, order);
      },
    },
    {
      kind: "call",
      label,
      call: ([signature]) => ({
        ...{ ...contract, functionName: "executeStatusOrder" },
        args: [statusOrderArgument(order), wallet, signature],
      }),
    },
  ];
}
