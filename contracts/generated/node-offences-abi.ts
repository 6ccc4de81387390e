/** ABI of NodeOffences (contracts/NodeOffences.sol). Written by scripts/generate/abi.ts. */
export const nodeOffencesAbi = [
  {
    inputs: [
      { name: "bridge_", type: "address" },
      { name: "registry_", type: "address" },
      { name: "verifiers_", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "claim", type: "bytes32" }], name: "Evidence_ClaimKnown", type: "error" },
  {
    inputs: [
      { name: "claimedAt", type: "uint64" },
      { name: "matureAt", type: "uint64" },
    ],
    name: "Evidence_ClaimNotMature",
    type: "error",
  },
  {
    inputs: [
      { name: "shard", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "Evidence_UnknownReport",
    type: "error",
  },
  {
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "expected", type: "bytes32" },
    ],
    name: "Evidence_WrongKey",
    type: "error",
  },
  {
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "expected", type: "bytes32" },
    ],
    name: "Evidence_WrongList",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  { inputs: [{ name: "offenceId", type: "bytes32" }], name: "NodeOffences_AlreadyProven", type: "error" },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "otherEpoch", type: "uint64" },
    ],
    name: "NodeOffences_KeyChanged",
    type: "error",
  },
  {
    inputs: [
      { name: "first", type: "bytes32" },
      { name: "second", type: "bytes32" },
    ],
    name: "NodeOffences_NoEquivocation",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "NodeOffences_NotSigned",
    type: "error",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "claim", type: "bytes32" },
      { indexed: true, name: "claimant", type: "address" },
    ],
    name: "EvidenceClaimed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "offenceId", type: "bytes32" },
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "epoch", type: "uint64" },
      { indexed: false, name: "otherEpoch", type: "uint64" },
      { indexed: false, name: "digest", type: "bytes32" },
      { indexed: false, name: "otherDigest", type: "bytes32" },
      { indexed: false, name: "reporter", type: "address" },
    ],
    name: "NodeEquivocated",
    type: "event",
  },
  { inputs: [], name: "bridge", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [{ name: "claim", type: "bytes32" }],
    name: "claimEvidence",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "claim", type: "bytes32" }],
    name: "claimedAt",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "offenceId", type: "bytes32" }],
    name: "equivocationOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "nodeIndex", type: "uint32" },
          { name: "epoch", type: "uint64" },
          { name: "provenAt", type: "uint64" },
          { name: "reporter", type: "address" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        name: "first",
        type: "tuple",
        components: [
          {
            name: "attestation",
            type: "tuple",
            components: [
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
          },
          { name: "signature", type: "bytes" },
        ],
      },
      {
        name: "second",
        type: "tuple",
        components: [
          {
            name: "attestation",
            type: "tuple",
            components: [
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
          },
          { name: "signature", type: "bytes" },
        ],
      },
      { name: "key", type: "bytes" },
      { name: "salt", type: "bytes32" },
    ],
    name: "proveEquivocation",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "registry", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [],
    name: "verifiers",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
] as const;
