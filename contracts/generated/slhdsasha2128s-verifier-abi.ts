/** ABI of SLHDSASHA2128sVerifier (contracts/pqc/SLHDSASHA2128sVerifier.sol). Written by scripts/generate/abi.ts. */
export const slhdsasha2128sVerifierAbi = [
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
      { name: "publicKey", type: "bytes32" },
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
