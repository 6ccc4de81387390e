/** ABI of CaesarEmissions (contracts/CaesarEmissions.sol). Written by scripts/generate/abi.ts. */
export const caesarEmissionsAbi = [
  {
    inputs: [
      { name: "timelock_", type: "address" },
      { name: "parameters", type: "address" },
      { name: "start", type: "uint64" },
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "credit", type: "uint256" },
    ],
    name: "CaesarEmissions_InsufficientCredit",
    type: "error",
  },
  {
    inputs: [
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    name: "CaesarEmissions_InvalidCurve",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "accruedUntil", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "CaesarEmissions_InvalidTime",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "distributor", type: "address" },
    ],
    name: "CaesarEmissions_NotDistributor",
    type: "error",
  },
  {
    inputs: [
      { name: "balance", type: "uint256" },
      { name: "bucket", type: "uint256" },
    ],
    name: "CaesarEmissions_WrongBucket",
    type: "error",
  },
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
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: false, name: "start", type: "uint64" },
      { indexed: false, name: "yearCount", type: "uint256" },
      { indexed: false, name: "decayBp", type: "uint256" },
    ],
    name: "CurveSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "previousDistributor", type: "address" },
      { indexed: true, name: "newDistributor", type: "address" },
    ],
    name: "DistributorSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "distributor", type: "address" },
      { indexed: false, name: "until", type: "uint64" },
      { indexed: false, name: "workedSeconds", type: "uint64" },
      { indexed: false, name: "paceBp", type: "uint256" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "emittedAfter", type: "uint256" },
    ],
    name: "EmissionsAccrued",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "distributor", type: "address" },
      { indexed: true, name: "receiver", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "creditAfter", type: "uint256" },
    ],
    name: "EmissionsReleased",
    type: "event",
  },
  { anonymous: false, inputs: [{ indexed: true, name: "token", type: "address" }], name: "TokenBound", type: "event" },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "workedSeconds", type: "uint64" },
    ],
    name: "accrue",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "token_", type: "address" }],
    name: "bindToken",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "bucket", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
  {
    inputs: [{ name: "distributor_", type: "address" }],
    name: "creditOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "curve",
    outputs: [
      { name: "start", type: "uint64" },
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "distributor",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "emitted", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
  {
    inputs: [{ name: "time", type: "uint64" }],
    name: "emittedBy",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "progress",
    outputs: [
      { name: "accruedUntil", type: "uint64" },
      { name: "clockSeconds", type: "uint64" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "receiver", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    name: "release",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "released",
    outputs: [{ name: "sum", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "newDistributor", type: "address" }],
    name: "setDistributor",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  { inputs: [], name: "token", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
] as const;
