/** ABI of AdmittedIdentities (contracts/AdmittedIdentities.sol). Written by scripts/generate/abi.ts. */
export const admittedIdentitiesAbi = [
  {
    inputs: [
      { name: "registry", type: "address" },
      { name: "timelock_", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "nullifier", type: "uint256" },
    ],
    name: "AdmittedIdentities_AccountTaken",
    type: "error",
  },
  {
    inputs: [
      { name: "expiresAt", type: "uint48" },
      { name: "time", type: "uint256" },
    ],
    name: "AdmittedIdentities_AlreadyExpired",
    type: "error",
  },
  {
    inputs: [
      { name: "nullifier", type: "uint256" },
      { name: "min", type: "uint256" },
    ],
    name: "AdmittedIdentities_InvalidNullifier",
    type: "error",
  },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "AdmittedIdentities_IsOperator",
    type: "error",
  },
  { inputs: [{ name: "nullifier", type: "uint256" }], name: "AdmittedIdentities_NotAdmitted", type: "error" },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "suspended", type: "bool" },
    ],
    name: "AdmittedIdentities_SuspensionUnchanged",
    type: "error",
  },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "AdmittedIdentities_UnknownOperator", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "Governed_BindingClosed", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "timelock", type: "address" },
    ],
    name: "Governed_NotTimelock",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "Governed_ZeroAddress", type: "error" },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "identityId", type: "uint32" }],
    name: "OperatorReleased",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "identityId", type: "uint32" }],
    name: "OperatorSuspended",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nullifier", type: "uint256" },
      { indexed: true, name: "account", type: "address" },
      { indexed: false, name: "expiresAt", type: "uint48" },
    ],
    name: "VoterAdmitted",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "nullifier", type: "uint256" },
      { indexed: true, name: "account", type: "address" },
    ],
    name: "VoterRevoked",
    type: "event",
  },
  {
    inputs: [{ name: "identity", type: "uint256" }],
    name: "accountOf",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "nullifier", type: "uint256" }],
    name: "admissionOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "account", type: "address" },
          { name: "nullifier", type: "uint256" },
          { name: "expiresAt", type: "uint48" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "nullifier", type: "uint256" },
      { name: "expiresAt", type: "uint48" },
    ],
    name: "admit",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "admissions",
        type: "tuple[]",
        components: [
          { name: "account", type: "address" },
          { name: "nullifier", type: "uint256" },
          { name: "expiresAt", type: "uint48" },
        ],
      },
    ],
    name: "admitMany",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "account", type: "address" }],
    name: "identityOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "identityId", type: "uint32" }],
    name: "isSuspended",
    outputs: [{ name: "", type: "bool" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "identityId", type: "uint32" }],
    name: "release",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "nullifier", type: "uint256" }],
    name: "revoke",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "identityId", type: "uint32" }],
    name: "suspend",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
] as const;
