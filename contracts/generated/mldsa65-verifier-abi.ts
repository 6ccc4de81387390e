/** ABI of MLDSA65Verifier (contracts/pqc/MLDSA65Verifier.sol). Written by scripts/generate/abi.ts. */
export const mldsa65VerifierAbi = [
  {
    inputs: [
      { name: "core", type: "address" },
      { name: "expander", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "helper", type: "address" }], name: "MLDSA65_OutOfGas", type: "error" },
  {
    inputs: [
      { name: "helper", type: "address" },
      { name: "codeHash", type: "bytes32" },
      { name: "expected", type: "bytes32" },
    ],
    name: "MLDSA65_WrongCode",
    type: "error",
  },
  {
    inputs: [
      { name: "key", type: "bytes" },
      { name: "hash", type: "bytes32" },
      { name: "signature", type: "bytes" },
    ],
    name: "verify",
    outputs: [{ name: "", type: "bytes4" }],
    stateMutability: "view",
    type: "function",
  },
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
] as const;
