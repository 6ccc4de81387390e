/** ABI of NodeDelegation (contracts/NodeDelegation.sol). Written by scripts/generate/abi.ts. */
export const nodeDelegationAbi = [
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "registry", type: "address" },
      { name: "parameters", type: "address" },
      { name: "rewards", type: "address" },
      { name: "slashing", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "Governed_BindingClosed", type: "error" },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeDelegation_BelowMinimum",
    type: "error",
  },
  {
    inputs: [
      { name: "bp", type: "uint256" },
      { name: "maxBp", type: "uint256" },
    ],
    name: "NodeDelegation_CommissionTooHigh",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeDelegation_EmptyPool", type: "error" },
  {
    inputs: [
      { name: "requested", type: "uint256" },
      { name: "available", type: "uint256" },
    ],
    name: "NodeDelegation_InsufficientShares",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "delegator", type: "address" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeDelegation_NotDelegator",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "NodeDelegation_NotOperator",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotPayer", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotSlashing", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotStaking", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "taken", type: "uint256" },
    ],
    name: "NodeDelegation_NotTaken",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
      { name: "nextMaturity", type: "uint64" },
    ],
    name: "NodeDelegation_NothingMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeDelegation_Pardonable",
    type: "error",
  },
  {
    inputs: [
      { name: "shares", type: "uint256" },
      { name: "minShares", type: "uint256" },
    ],
    name: "NodeDelegation_TooFewShares",
    type: "error",
  },
  {
    inputs: [
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeDelegation_TooManyUnbondings",
    type: "error",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "minAmount", type: "uint256" },
    ],
    name: "NodeDelegation_TooSmallAmount",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
      { name: "unbondingId", type: "uint32" },
    ],
    name: "NodeDelegation_UnknownUnbonding",
    type: "error",
  },
  { inputs: [], name: "NodeDelegation_ZeroAmount", type: "error" },
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
      { indexed: false, name: "bp", type: "uint16" },
      { indexed: false, name: "fromTime", type: "uint64" },
    ],
    name: "CommissionSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "delegator", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "shares", type: "uint256" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
      { indexed: false, name: "sharesAfter", type: "uint256" },
    ],
    name: "Delegated",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "delegator", type: "address" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "DelegationWithdrawn",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "isUnbonding", type: "bool" },
      { indexed: false, name: "generation", type: "uint16" },
    ],
    name: "PoolEmptied",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
    ],
    name: "PoolGrew",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "isUnbonding", type: "bool" },
      { indexed: false, name: "generation", type: "uint16" },
      { indexed: false, name: "sharesAfter", type: "uint256" },
    ],
    name: "PoolRescaled",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
      { indexed: false, name: "unbondingAmount", type: "uint256" },
      { indexed: false, name: "unbondingAfter", type: "uint256" },
    ],
    name: "PoolRestored",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
      { indexed: false, name: "unbondingAmount", type: "uint256" },
      { indexed: false, name: "unbondingAfter", type: "uint256" },
    ],
    name: "PoolSlashed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "staking", type: "address" }],
    name: "StakingBound",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "delegator", type: "address" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "shares", type: "uint256" },
      { indexed: false, name: "unbondingShares", type: "uint256" },
      { indexed: false, name: "maturesAt", type: "uint64" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
      { indexed: false, name: "sharesAfter", type: "uint256" },
    ],
    name: "Undelegated",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "delegator", type: "address" },
      { indexed: true, name: "unbondingId", type: "uint32" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "shares", type: "uint256" },
      { indexed: false, name: "assetsAfter", type: "uint256" },
      { indexed: false, name: "sharesAfter", type: "uint256" },
    ],
    name: "UndelegationCancelled",
    type: "event",
  },
  {
    inputs: [],
    name: "MAX_UNDELEGATIONS",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MIN_DELEGATION",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "addToPool",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "staking_", type: "address" }],
    name: "bindStaking",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "unbondingId", type: "uint32" },
      { name: "minShares", type: "uint256" },
    ],
    name: "cancelUndelegation",
    outputs: [{ name: "shares", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "commissionBp",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "commissionOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "bp", type: "uint16" },
          { name: "nextBp", type: "uint16" },
          { name: "nextFrom", type: "uint64" },
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
      { name: "minShares", type: "uint256" },
    ],
    name: "delegate",
    outputs: [{ name: "shares", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "minShares", type: "uint256" },
      {
        name: "permit",
        type: "tuple",
        components: [
          { name: "deadline", type: "uint256" },
          { name: "v", type: "uint8" },
          { name: "r", type: "bytes32" },
          { name: "s", type: "bytes32" },
        ],
      },
    ],
    name: "delegateWithPermit",
    outputs: [{ name: "shares", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
    ],
    name: "delegationOf",
    outputs: [
      { name: "shares", type: "uint256" },
      { name: "amount", type: "uint256" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "hasDelegators",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "pardonableUntil",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "poolOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "assets", type: "uint96" },
          { name: "shares", type: "uint144" },
          { name: "generation", type: "uint16" },
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
    name: "restorableOf",
    outputs: [
      { name: "poolPart", type: "uint256" },
      { name: "unbondingPart", type: "uint256" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
    ],
    name: "restorePool",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "bp", type: "uint16" },
    ],
    name: "setCommission",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "until", type: "uint64" },
    ],
    name: "slashPool",
    outputs: [{ name: "assetsAfter", type: "uint256" }],
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
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "unbondingPoolOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "assets", type: "uint96" },
          { name: "shares", type: "uint144" },
          { name: "generation", type: "uint16" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "shares", type: "uint256" },
      { name: "minAmount", type: "uint256" },
    ],
    name: "undelegate",
    outputs: [{ name: "unbondingId", type: "uint32" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
    ],
    name: "undelegationsOf",
    outputs: [
      {
        name: "unbondings",
        type: "tuple[]",
        components: [
          { name: "id", type: "uint32" },
          { name: "amount", type: "uint256" },
          { name: "maturesAt", type: "uint64" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
      { name: "maxCount", type: "uint256" },
    ],
    name: "withdrawDelegation",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
