/** ABI of PQAccount (contracts/PQAccount.sol). Written by scripts/generate/abi.ts. */
export const pqAccountAbi = [
  { inputs: [{ name: "signer_", type: "bytes" }], stateMutability: "nonpayable", type: "constructor" },
  { inputs: [], name: "FailedCall", type: "error" },
  { inputs: [], name: "InvalidShortString", type: "error" },
  { inputs: [{ name: "deadline", type: "uint256" }], name: "PQAccount_Expired", type: "error" },
  { inputs: [{ name: "nonce", type: "uint256" }], name: "PQAccount_InvalidSignature", type: "error" },
  { inputs: [{ name: "signer", type: "bytes" }], name: "PQAccount_InvalidSigner", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "PQAccount_NotSelf", type: "error" },
  { inputs: [{ name: "str", type: "string" }], name: "StringTooLong", type: "error" },
  { anonymous: false, inputs: [], name: "EIP712DomainChanged", type: "event" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nonce", type: "uint256" },
      { indexed: false, name: "calls", type: "uint256" },
    ],
    name: "Executed",
    type: "event",
  },
  { anonymous: false, inputs: [{ indexed: false, name: "signer", type: "bytes" }], name: "SignerSet", type: "event" },
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
  {
    inputs: [
      {
        name: "calls",
        type: "tuple[]",
        components: [
          { name: "target", type: "address" },
          { name: "value", type: "uint256" },
          { name: "data", type: "bytes" },
        ],
      },
      { name: "deadline", type: "uint256" },
      { name: "signature", type: "bytes" },
    ],
    name: "execute",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "signature", type: "bytes" },
    ],
    name: "isValidSignature",
    outputs: [{ name: "result", type: "bytes4" }],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "nonce", outputs: [{ name: "", type: "uint256" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      { name: "newSigner", type: "bytes" },
      { name: "proof", type: "bytes" },
    ],
    name: "setSigner",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "signer", outputs: [{ name: "", type: "bytes" }], stateMutability: "view", type: "function" },
  { stateMutability: "payable", type: "receive" },
] as const;
