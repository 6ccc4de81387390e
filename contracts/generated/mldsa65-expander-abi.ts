/** ABI of MLDSA65Expander (contracts/pqc/generated/MLDSA65Expander.sol). Written by scripts/generate/abi.ts. */
export const mldsa65ExpanderAbi = [{ inputs: [], stateMutability: "nonpayable", type: "constructor" }] as const;
