/** ABI of MLDSA65Adapter (contracts/pqc/MLDSA65Adapter.sol). Written by scripts/generate/abi.ts. */
export const mldsa65AdapterAbi = [
  {
    inputs: [
      { name: "target_", type: "address" },
      { name: "contextual_", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "verifier", type: "address" }], name: "MLDSA65_CallFailed", type: "error" },
  { inputs: [{ name: "verifier", type: "address" }], name: "MLDSA65_NoVerifier", type: "error" },
  {
    inputs: [],
    name: "contextual",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "target", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      { name: "publicKey", type: "bytes" },
      { name: "message", type: "bytes" },
      { name: "context", type: "bytes" },
      { name: "signature", type: "bytes" },
    ],
    name: "verify",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "input", type: "bytes" }],
    name: "verify",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
] as const;
