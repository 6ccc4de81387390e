/** ABI of MLDSA65Core (contracts/pqc/generated/MLDSA65Core.sol). Written by scripts/generate/abi.ts. */
export const mldsa65CoreAbi = [{ inputs: [], stateMutability: "nonpayable", type: "constructor" }] as const;
