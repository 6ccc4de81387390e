import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { type Address, type Hex, keccak256 } from "viem";
import { formatDuration, formatMeshExact } from "../lib/format.ts";
import { approvedSteps } from "../lib/spend-steps.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What bonding a relayer needs; amounts are MESH wei. */
export interface BondInput {
  committee: Address;
  token: Address;
  amount: bigint;
  allowance: bigint;
  endpoint: string;
  /** Raw ML-DSA-65 key that signs reports; undefined when the relayer has one already. */
  reportKey?: Hex;
  bondBefore: bigint;
  minimum: bigint;
  /** Seconds. */
  joinDelay: number;
}

/** Bonds the wallet as a relayer, or adds to its bond. */
export function bondRelayerPlan(input: BondInput): TransactionPlan {
  const { committee, token, amount, allowance, endpoint, reportKey, bondBefore, minimum, joinDelay } = input;
  const after = bondBefore + amount;
  const bond = callStep("Bond", {
    ...{ address: committee, abi: relayerCommitteeAbi, functionName: "bond" },
    args: [amount, reportKey ?? "0x", endpoint],
  });
  return {
    title: reportKey ? "Bond a relayer" : "Add to the bond",
    summary: `Exactly ${formatMeshExact(amount)} MESH are bonded; your bond is ${formatMeshExact(after)} MESH then. A seat follows when the DAO admits you and ${formatDuration(joinDelay)} have passed.`,
    facts: [
      { label: "Bond after", value: `${formatMeshExact(after)} MESH` },
      { label: "Needed for a seat", value: `${formatMeshExact(minimum)} MESH` },
      { label: "Endpoint", value: endpoint },
      ...(reportKey ? [{ label: "Hash of the report key", value: keccak256(reportKey) }] : []),
    ],
    warning: `${after < minimum ? `This is ${formatMeshExact(minimum - after)} MESH too little for a seat. ` : ""}A relayer that signs what is not true loses its bond${reportKey ? ", and its report key can never be changed" : ""}.`,
    steps: approvedSteps({ token, spender: committee, amount, allowance }, bond),
    outcome: () => "The bond is on chain. Ask the DAO to admit your relayer; docs/OPERATOR.md says how to run one.",
  };
}

/** Changes the URL at which a relayer serves. */
export function setEndpointPlan(committee: Address, endpoint: string): TransactionPlan {
  return {
    title: "Change the endpoint",
    summary: `Your relayer is found at ${endpoint} from now on.`,
    facts: [{ label: "Endpoint", value: endpoint }],
    steps: [
      callStep("Set endpoint", {
        address: committee,
        abi: relayerCommitteeAbi,
        functionName: "setEndpoint",
        args: [endpoint],
      }),
    ],
    outcome: () => "The endpoint is changed.",
  };
}
