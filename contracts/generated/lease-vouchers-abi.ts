/** ABI of LeaseVouchers (contracts/LeaseVouchers.sol). Written by scripts/generate/abi.ts. */
export const leaseVouchersAbi = [
  { inputs: [{ name: "escrow_", type: "address" }], stateMutability: "nonpayable", type: "constructor" },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  { inputs: [], name: "InvalidShortString", type: "error" },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseVouchers_InvalidSignature", type: "error" },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseVouchers_NotClosed", type: "error" },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "redeemed", type: "uint256" },
      { name: "earned", type: "uint256" },
    ],
    name: "LeaseVouchers_NothingToRedeem",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseVouchers_OutsideWindow",
    type: "error",
  },
  { inputs: [{ name: "str", type: "string" }], name: "StringTooLong", type: "error" },
  { anonymous: false, inputs: [], name: "EIP712DomainChanged", type: "event" },
  {
    inputs: [],
    name: "eip712Domain",
    outputs: [
      { name: "fields", type: "bytes1" },
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
      { name: "salt", type: "bytes32" },
      { name: "extensions", type: "uint256[]" },
    ],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "escrow", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "amount", type: "uint256" },
    ],
    name: "hashVoucher",
    outputs: [{ name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "amount", type: "uint256" },
      { name: "signature", type: "bytes" },
    ],
    name: "redeem",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "returnUnredeemed",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
