/** ABI of MLDSA65KeyRegistry (contracts/pqc/MLDSA65KeyRegistry.sol). Written by scripts/generate/abi.ts. */
export const mldsa65KeyRegistryAbi = [
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
  { inputs: [{ name: "keyId", type: "bytes32" }], name: "MLDSAKeyRegistry_KeyDegenerate", type: "error" },
  { inputs: [{ name: "keyId", type: "bytes32" }], name: "MLDSAKeyRegistry_KeyKnown", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "MLDSAKeyRegistry_KeyLength",
    type: "error",
  },
  { inputs: [{ name: "keyId", type: "bytes32" }], name: "MLDSAKeyRegistry_KeyUnknown", type: "error" },
  { inputs: [{ name: "keyId", type: "bytes32" }], name: "MLDSAKeyRegistry_NotStored", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "keyId", type: "bytes32" },
      { indexed: false, name: "head", type: "address" },
      { indexed: false, name: "tail", type: "address" },
    ],
    name: "KeyRegistered",
    type: "event",
  },
  {
    inputs: [{ name: "keyId", type: "bytes32" }],
    name: "isRegistered",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "keyId", type: "bytes32" }],
    name: "locate",
    outputs: [
      { name: "head", type: "address" },
      { name: "tail", type: "address" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "publicKey", type: "bytes" }],
    name: "register",
    outputs: [{ name: "keyId", type: "bytes32" }],
    stateMutability: "nonpayable",
    type: "function",
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
      { name: "keyId", type: "bytes32" },
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
