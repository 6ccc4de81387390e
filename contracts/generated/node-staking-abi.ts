/** ABI of NodeStaking (contracts/NodeStaking.sol). Written by scripts/generate/abi.ts. */
export const nodeStakingAbi = [
  {
    inputs: [
      {
        name: "links",
        type: "tuple",
        components: [
          { name: "token", type: "address" },
          { name: "registry", type: "address" },
          { name: "parameters", type: "address" },
          { name: "rewards", type: "address" },
          { name: "delegation", type: "address" },
          { name: "slashing", type: "address" },
          { name: "votes", type: "address" },
        ],
      },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "NodeRegistry_QuantumLocked", type: "error" },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "matured", type: "uint256" },
    ],
    name: "NodeStaking_AmountNotMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeStaking_GraceNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "requested", type: "uint256" },
      { name: "available", type: "uint256" },
    ],
    name: "NodeStaking_InsufficientStake",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeStaking_NodeExited", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "stake", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeStaking_NotBelowMinimum",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotDelegation", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "NodeStaking_NotOperator",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotRegistry", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotSlashing", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotVotes", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "nextMaturity", type: "uint64" },
    ],
    name: "NodeStaking_NothingMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "remainder", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeStaking_RemainderBelowMinimum",
    type: "error",
  },
  {
    inputs: [
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeStaking_TooManyUnbondings",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "unbondingId", type: "uint32" },
    ],
    name: "NodeStaking_UnknownUnbonding",
    type: "error",
  },
  {
    inputs: [
      { name: "recipient", type: "address" },
      { name: "beneficiary", type: "address" },
    ],
    name: "NodeStaking_WrongRecipient",
    type: "error",
  },
  { inputs: [], name: "NodeStaking_ZeroAmount", type: "error" },
  {
    inputs: [
      { name: "bits", type: "uint8" },
      { name: "value", type: "uint256" },
    ],
    name: "SafeCastOverflowedUintDowncast",
    type: "error",
  },
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "stakeAfter", type: "uint256" },
    ],
    name: "StakeRestored",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "stakeAfter", type: "uint256" },
    ],
    name: "StakeSlashed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "from", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "stakeAfter", type: "uint256" },
    ],
    name: "Staked",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "stakeAfter", type: "uint256" },
    ],
    name: "UnbondCancelled",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "maturesAt", type: "uint64" },
      { indexed: false, name: "stakeAfter", type: "uint256" },
    ],
    name: "UnbondRequested",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "amountAfter", type: "uint256" },
    ],
    name: "UnbondingSlashed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "until", type: "uint64" },
    ],
    name: "UnbondingsHeld",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: true, name: "beneficiary", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "Withdrawn",
    type: "event",
  },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "ramp", type: "uint256" },
    ],
    name: "agedStakeOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "unbondingId", type: "uint32" },
    ],
    name: "cancelUnbond",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "deactivateBelowMinimum",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "delegation",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "hold",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "maxUnbondings",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "nodeExited",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "nodeStakeOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "bonded", type: "uint96" },
          { name: "pooled", type: "uint96" },
          { name: "nextUnbondingId", type: "uint32" },
          { name: "unbondingCount", type: "uint8" },
          { name: "eligible", type: "bool" },
          { name: "jailed", type: "bool" },
          { name: "held", type: "bool" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "requestUnbond",
    outputs: [{ name: "unbondingId", type: "uint32" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "requestUnbondByOrder",
    outputs: [{ name: "unbondingId", type: "uint32" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "restore",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "jailed", type: "bool" },
    ],
    name: "setJailed",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "assets", type: "uint96" },
      { name: "isJoining", type: "bool" },
    ],
    name: "setPool",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "pardonableUntil", type: "uint64" },
    ],
    name: "slash",
    outputs: [
      { name: "ownPart", type: "uint256" },
      { name: "poolPart", type: "uint256" },
    ],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "slashableOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "stake",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "stakeOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "identityId", type: "uint32" }],
    name: "stakeOfIdentity",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "deadline", type: "uint256" },
      { name: "v", type: "uint8" },
      { name: "r", type: "bytes32" },
      { name: "s", type: "bytes32" },
    ],
    name: "stakeWithPermit",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "totalHeld",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "ramp", type: "uint40" },
    ],
    name: "trackStake",
    outputs: [{ name: "aged", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "unbondingsOf",
    outputs: [
      {
        name: "unbondings",
        type: "tuple[]",
        components: [
          { name: "id", type: "uint32" },
          { name: "amount", type: "uint128" },
          { name: "maturesAt", type: "uint64" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "weightOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "maxCount", type: "uint256" },
    ],
    name: "withdraw",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "recipient", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    name: "withdrawByOrder",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "withdrawableUntil",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
] as const;
