/** ABI of CaesarEmissions (contracts/CaesarEmissions.sol). Written by scripts/generate/abi.ts. */
export const caesarEmissionsAbi = [
  {
    inputs: [
      { name: "timelock_", type: "address" },
      { name: "start", type: "uint64" },
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    name: "CaesarEmissions_InvalidCurve",
    type: "error",
  },
  { inputs: [], name: "CaesarEmissions_NoDistributor", type: "error" },
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
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "releasedAfter", type: "uint256" },
    ],
    name: "EmissionsReleased",
    type: "event",
  },
  { anonymous: false, inputs: [{ indexed: true, name: "token", type: "address" }], name: "TokenBound", type: "event" },
  {
    inputs: [{ name: "token_", type: "address" }],
    name: "bindToken",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "bucket", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
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
  {
    inputs: [{ name: "time", type: "uint64" }],
    name: "emittedBy",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "release",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "released", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
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
