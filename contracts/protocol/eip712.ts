import { type Address, type Hex, hashTypedData, type TypedDataDefinition, type TypedDataDomain } from "viem";

/** The deployment that a signed statement is bound to. */
export interface StatementDomain {
  chainId: number;
  /** Address of the AttestationBridge. */
  bridge: Address;
}

/** EIP-712 domain of attestations, reports and receipts. */
export function typedDataDomain({ chainId, bridge }: StatementDomain): TypedDataDomain {
  return { name: "PQMesh", version: "1", chainId, verifyingContract: bridge };
}

/** EIP-712 types of every statement the bridge knows, in the field order of IAttestationBridge. */
export const statementTypes = {
  Attestation: [
    { name: "nodeIndex", type: "uint32" },
    { name: "epoch", type: "uint64" },
    { name: "sequence", type: "uint64" },
    { name: "beacon", type: "bytes32" },
    { name: "measurement", type: "bytes32" },
    { name: "previous", type: "bytes32" },
    { name: "shares", type: "uint96" },
    { name: "cpuLoadBp", type: "uint16" },
    { name: "memoryUsedBp", type: "uint16" },
    { name: "storageUsedBp", type: "uint16" },
    { name: "heartbeats", type: "uint32" },
    { name: "latencyMicros", type: "uint32" },
    { name: "space", type: "uint64" },
    { name: "stake", type: "uint128" },
    { name: "work", type: "uint64" },
    { name: "time", type: "uint64" },
  ],
  Report: [
    { name: "epoch", type: "uint64" },
    { name: "shard", type: "uint32" },
    { name: "round", type: "uint32" },
    { name: "committeeVersion", type: "uint32" },
    { name: "beaconBlock", type: "uint64" },
    { name: "beacon", type: "bytes32" },
    { name: "root", type: "bytes32" },
    { name: "absent", type: "bytes" },
    { name: "degraded", type: "bytes" },
    { name: "quality", type: "bytes" },
  ],
  Receipt: [
    { name: "epoch", type: "uint64" },
    { name: "root", type: "bytes32" },
  ],
} as const;

/** EIP-712 digest of a statement. */
export function hashStatement<T extends keyof typeof statementTypes>(
  domain: StatementDomain,
  primaryType: T,
  message: Record<string, unknown>,
): Hex {
  const definition: TypedDataDefinition = {
    domain: typedDataDomain(domain),
    types: statementTypes,
    primaryType,
    message,
  };
  return hashTypedData(definition);
}
