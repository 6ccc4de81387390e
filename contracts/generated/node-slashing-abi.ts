/** ABI of NodeSlashing (contracts/NodeSlashing.sol). Written by scripts/generate/abi.ts. */
export const nodeSlashingAbi = [
  {
    inputs: [
      {
        name: "links",
        type: "tuple",
        components: [
          { name: "token", type: "address" },
          { name: "registry", type: "address" },
          { name: "parameters", type: "address" },
          { name: "bridge", type: "address" },
          { name: "rewards", type: "address" },
          { name: "timelock", type: "address" },
        ],
      },
      { name: "downtimeWindow_", type: "uint64" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "Arbitrated_NotArbiter", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "Governed_BindingClosed", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "timelock", type: "address" },
    ],
    name: "Governed_NotTimelock",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeSlashing_Jailed",
    type: "error",
  },
  {
    inputs: [
      { name: "slashId", type: "uint256" },
      { name: "payableAt", type: "uint64" },
    ],
    name: "NodeSlashing_NoPardon",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "absent", type: "uint256" },
      { name: "reported", type: "uint256" },
    ],
    name: "NodeSlashing_NotDown",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeSlashing_NotJailed", type: "error" },
  {
    inputs: [
      { name: "slashId", type: "uint256" },
      { name: "payableAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "NodeSlashing_NotPayable",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "window", type: "uint64" },
    ],
    name: "NodeSlashing_WindowJudged",
    type: "error",
  },
  {
    inputs: [
      { name: "window", type: "uint64" },
      { name: "fromEpoch", type: "uint64" },
      { name: "toEpoch", type: "uint64" },
    ],
    name: "NodeSlashing_WindowNotOpen",
    type: "error",
  },
  {
    inputs: [
      { name: "windowEpochs", type: "uint64" },
      { name: "untilFinal", type: "uint256" },
      { name: "unbondingPeriod", type: "uint256" },
    ],
    name: "NodeSlashing_WindowTooLong",
    type: "error",
  },
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
    inputs: [{ indexed: false, name: "arbiters", type: "address[]" }],
    name: "ArbitersBound",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "offence", type: "bytes32" },
      { indexed: false, name: "until", type: "uint64" },
    ],
    name: "NodeJailed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "slashId", type: "uint256" },
      { indexed: false, name: "toReporter", type: "uint256" },
      { indexed: false, name: "toTreasury", type: "uint256" },
    ],
    name: "NodeSlashPaid",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "slashId", type: "uint256" },
      { indexed: false, name: "toOperator", type: "uint256" },
      { indexed: false, name: "toPool", type: "uint256" },
      { indexed: false, name: "toTreasury", type: "uint256" },
    ],
    name: "NodeSlashPardoned",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "slashId", type: "uint256" },
      { indexed: true, name: "nodeIndex", type: "uint32" },
      { indexed: true, name: "offence", type: "bytes32" },
      { indexed: false, name: "reporter", type: "address" },
      { indexed: false, name: "ownPart", type: "uint256" },
      { indexed: false, name: "poolPart", type: "uint256" },
      { indexed: false, name: "reward", type: "uint256" },
      { indexed: false, name: "payableAt", type: "uint64" },
    ],
    name: "NodeSlashed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "nodeIndex", type: "uint32" }],
    name: "NodeUnjailed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "staking", type: "address" }],
    name: "StakingBound",
    type: "event",
  },
  {
    inputs: [{ name: "arbiters", type: "address[]" }],
    name: "bindArbiters",
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
    inputs: [],
    name: "downtimeWindow",
    outputs: [{ name: "", type: "uint64" }],
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
    inputs: [{ name: "wallet", type: "address" }],
    name: "isArbiter",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "jailedUntil",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "slashId", type: "uint256" }],
    name: "pardon",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "slashId", type: "uint256" }],
    name: "paySlash",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "pinnedStake",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        name: "order",
        type: "tuple",
        components: [
          { name: "offence", type: "bytes32" },
          { name: "nodeIndex", type: "uint32" },
          { name: "amount", type: "uint256" },
          { name: "reporter", type: "address" },
          { name: "isBarred", type: "bool" },
          { name: "isFinal", type: "bool" },
        ],
      },
    ],
    name: "punish",
    outputs: [
      { name: "slashId", type: "uint256" },
      { name: "taken", type: "uint256" },
    ],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "window", type: "uint64" },
    ],
    name: "slashDowntime",
    outputs: [{ name: "slashId", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "slashId", type: "uint256" }],
    name: "slashOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "nodeIndex", type: "uint32" },
          { name: "payableAt", type: "uint64" },
          { name: "reporter", type: "address" },
          { name: "ownPart", type: "uint96" },
          { name: "poolPart", type: "uint96" },
          { name: "rewardBp", type: "uint16" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [],
    name: "totalFrozen",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nodeIndex", type: "uint32" }],
    name: "unjail",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
