/** ABI of MLDSA65Layout8355 (contracts/pqc/MLDSA65Layout8355.sol). Written by scripts/generate/abi.ts. */
export const mldsa65Layout8355Abi = [
  { inputs: [{ name: "verifier", type: "address" }], stateMutability: "nonpayable", type: "constructor" },
  { stateMutability: "nonpayable", type: "fallback" },
] as const;
