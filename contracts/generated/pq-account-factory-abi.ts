/** ABI of PQAccountFactory (contracts/PQAccountFactory.sol). Written by scripts/generate/abi.ts. */
export const pqAccountFactoryAbi = [
  { inputs: [{ name: "keys", type: "address" }], stateMutability: "nonpayable", type: "constructor" },
  { inputs: [{ name: "account", type: "address" }], name: "PQAccountFactory_AccountKnown", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "account", type: "address" },
      { indexed: true, name: "keyId", type: "bytes32" },
    ],
    name: "AccountCreated",
    type: "event",
  },
  {
    inputs: [{ name: "keyId", type: "bytes32" }],
    name: "accountOf",
    outputs: [{ name: "account", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "publicKey", type: "bytes" }],
    name: "create",
    outputs: [{ name: "account", type: "address" }],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
