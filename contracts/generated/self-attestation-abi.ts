/** ABI of SelfAttestation (contracts/SelfAttestation.sol). Written by scripts/generate/abi.ts. */
export const selfAttestationAbi = [
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
  { inputs: [{ name: "bridge", type: "address" }], name: "SelfAttestation_BridgeSilent", type: "error" },
  { inputs: [{ name: "position", type: "uint256" }], name: "SelfAttestation_BrokenChain", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "multipleOf", type: "uint256" },
    ],
    name: "SelfAttestation_InvalidLength",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "SelfAttestation_InvalidSignature",
    type: "error",
  },
  {
    inputs: [
      { name: "fromEpoch", type: "uint64" },
      { name: "toEpoch", type: "uint64" },
    ],
    name: "SelfAttestation_KeyChanged",
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
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "fromEpoch", type: "uint64" },
      { indexed: false, name: "toEpoch", type: "uint64" },
      { indexed: false, name: "admitted", type: "uint256" },
    ],
    name: "RunAttested",
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
  { inputs: [], name: "registry", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      {
        name: "run",
        type: "tuple",
        components: [
          { name: "nodeIndex", type: "uint32" },
          { name: "sequence", type: "uint64" },
          { name: "previous", type: "bytes32" },
          { name: "builds", type: "bytes32[]" },
          {
            name: "sources",
            type: "tuple[]",
            components: [
              { name: "epoch", type: "uint64" },
              { name: "beacon", type: "bytes32" },
              { name: "digest", type: "bytes32" },
              { name: "signers", type: "uint256" },
            ],
          },
          { name: "chain", type: "bytes" },
          { name: "key", type: "bytes" },
          { name: "signature", type: "bytes" },
        ],
      },
    ],
    name: "selfAttest",
    outputs: [{ name: "admitted", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "verifiers",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
] as const;
