/** ABI of CommitteeFees (contracts/CommitteeFees.sol). Written by scripts/generate/abi.ts. */
export const committeeFeesAbi = [
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "bridge_", type: "address" },
      { name: "committee", type: "address" },
      { name: "disputes", type: "address" },
      { name: "parameters", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "shard", type: "uint32" },
    ],
    name: "CommitteeFees_Forged",
    type: "error",
  },
  {
    inputs: [
      { name: "member", type: "address" },
      { name: "epoch", type: "uint64" },
    ],
    name: "CommitteeFees_HasSigned",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "finalizedBefore", type: "uint64" },
    ],
    name: "CommitteeFees_NotFinal",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "next", type: "uint64" },
    ],
    name: "CommitteeFees_NotInARow",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "epoch", type: "uint64" },
    ],
    name: "CommitteeFees_NotMember",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "nextEpoch", type: "uint64" },
    ],
    name: "CommitteeFees_NotRecent",
    type: "error",
  },
  {
    inputs: [
      { name: "reports", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "CommitteeFees_TooFewReports",
    type: "error",
  },
  { inputs: [], name: "CommitteeFees_ZeroAmount", type: "error" },
  {
    inputs: [
      { name: "shard", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "Evidence_UnknownReport",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "from", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "reserveAfter", type: "uint256" },
    ],
    name: "FeesFunded",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "member", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "FeesWithdrawn",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "epoch", type: "uint64" },
      { indexed: true, name: "shard", type: "uint32" },
      { indexed: false, name: "leader", type: "address" },
      { indexed: false, name: "toLeader", type: "uint256" },
      { indexed: false, name: "toEachSigner", type: "uint256" },
      { indexed: false, name: "signers", type: "uint256" },
    ],
    name: "ReportPaid",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "member", type: "address" },
      { indexed: true, name: "shard", type: "uint32" },
      { indexed: false, name: "reports", type: "uint256" },
      { indexed: false, name: "lastEpoch", type: "uint64" },
    ],
    name: "SilentMemberRemoved",
    type: "event",
  },
  { inputs: [], name: "bridge", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      {
        name: "reports",
        type: "tuple[]",
        components: [
          { name: "epoch", type: "uint64" },
          { name: "shard", type: "uint32" },
          { name: "round", type: "uint32" },
          { name: "committeeVersion", type: "uint32" },
          { name: "beaconBlock", type: "uint64" },
          { name: "beacon", type: "bytes32" },
          { name: "root", type: "bytes32" },
          { name: "absentHash", type: "bytes32" },
          { name: "degradedHash", type: "bytes32" },
          { name: "qualityHash", type: "bytes32" },
          { name: "signers", type: "uint256" },
        ],
      },
    ],
    name: "collect",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "member", type: "address" }],
    name: "feesOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "amount", type: "uint256" }],
    name: "fund",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "shard", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "isPaid",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "member", type: "address" },
      {
        name: "reports",
        type: "tuple[]",
        components: [
          { name: "epoch", type: "uint64" },
          { name: "shard", type: "uint32" },
          { name: "round", type: "uint32" },
          { name: "committeeVersion", type: "uint32" },
          { name: "beaconBlock", type: "uint64" },
          { name: "beacon", type: "bytes32" },
          { name: "root", type: "bytes32" },
          { name: "absentHash", type: "bytes32" },
          { name: "degradedHash", type: "bytes32" },
          { name: "qualityHash", type: "bytes32" },
          { name: "signers", type: "uint256" },
        ],
      },
    ],
    name: "removeSilent",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "reserve", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      {
        name: "report",
        type: "tuple",
        components: [
          { name: "epoch", type: "uint64" },
          { name: "shard", type: "uint32" },
          { name: "round", type: "uint32" },
          { name: "committeeVersion", type: "uint32" },
          { name: "beaconBlock", type: "uint64" },
          { name: "beacon", type: "bytes32" },
          { name: "root", type: "bytes32" },
          { name: "absentHash", type: "bytes32" },
          { name: "degradedHash", type: "bytes32" },
          { name: "qualityHash", type: "bytes32" },
          { name: "signers", type: "uint256" },
        ],
      },
      { name: "signature", type: "bytes" },
    ],
    name: "showSignature",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "member", type: "address" }],
    name: "withdraw",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
