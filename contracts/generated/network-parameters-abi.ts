/** ABI of NetworkParameters (contracts/NetworkParameters.sol). Written by scripts/generate/abi.ts. */
export const networkParametersAbi = [
  {
    inputs: [
      { name: "timelock_", type: "address" },
      {
        name: "rows",
        type: "tuple[]",
        components: [
          { name: "id", type: "bytes32" },
          { name: "value", type: "uint256" },
          { name: "pending", type: "uint256" },
          { name: "effectiveAt", type: "uint64" },
          { name: "min", type: "uint256" },
          { name: "max", type: "uint256" },
          { name: "notice", type: "uint64" },
        ],
      },
      {
        name: "orderings_",
        type: "tuple[]",
        components: [
          { name: "addends", type: "bytes32[]" },
          { name: "relation", type: "uint8" },
          { name: "bound", type: "bytes32" },
        ],
      },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "earliest", type: "uint64" },
      { name: "latest", type: "uint64" },
    ],
    name: "EntryPause_InvalidEnd",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "latest", type: "uint64" },
    ],
    name: "EntryPause_InvalidTerm",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "EntryPause_NotGuardian", type: "error" },
  { inputs: [{ name: "area", type: "uint8" }], name: "EntryPause_NotPaused", type: "error" },
  {
    inputs: [
      { name: "area", type: "uint8" },
      { name: "until", type: "uint64" },
    ],
    name: "EntryPause_Paused",
    type: "error",
  },
  {
    inputs: [
      { name: "area", type: "uint8" },
      { name: "guardianFrom", type: "uint64" },
    ],
    name: "EntryPause_TooSoon",
    type: "error",
  },
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
  { inputs: [{ name: "id", type: "bytes32" }], name: "NetworkParameters_InvalidId", type: "error" },
  {
    inputs: [
      { name: "lesser", type: "bytes32" },
      { name: "greater", type: "bytes32" },
    ],
    name: "NetworkParameters_OrderingBroken",
    type: "error",
  },
  {
    inputs: [
      { name: "id", type: "bytes32" },
      { name: "value", type: "uint256" },
      { name: "min", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NetworkParameters_OutOfBounds",
    type: "error",
  },
  { inputs: [{ name: "id", type: "bytes32" }], name: "NetworkParameters_UnknownParameter", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "guardian", type: "address" },
      { indexed: false, name: "until", type: "uint64" },
    ],
    name: "EmergencyGuardianSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "area", type: "uint8" },
      { indexed: false, name: "until", type: "uint64" },
      { indexed: true, name: "by", type: "address" },
    ],
    name: "EntryPaused",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "area", type: "uint8" },
      { indexed: true, name: "by", type: "address" },
    ],
    name: "EntryResumed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "id", type: "bytes32" },
      { indexed: false, name: "previousValue", type: "uint256" },
      { indexed: false, name: "newValue", type: "uint256" },
      { indexed: false, name: "effectiveAt", type: "uint64" },
    ],
    name: "ParameterSet",
    type: "event",
  },
  {
    inputs: [],
    name: "all",
    outputs: [
      {
        name: "rows",
        type: "tuple[]",
        components: [
          { name: "id", type: "bytes32" },
          { name: "value", type: "uint256" },
          { name: "pending", type: "uint256" },
          { name: "effectiveAt", type: "uint64" },
          { name: "min", type: "uint256" },
          { name: "max", type: "uint256" },
          { name: "notice", type: "uint64" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "emergencyGuardian",
    outputs: [
      { name: "guardian", type: "address" },
      { name: "until", type: "uint64" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "area", type: "uint8" }],
    name: "entryState",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "pausedUntil", type: "uint64" },
          { name: "guardianFrom", type: "uint64" },
          { name: "isByGuardian", type: "bool" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "id", type: "bytes32" }],
    name: "get",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "maxGuardianTerm",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "orderings",
    outputs: [
      {
        name: "",
        type: "tuple[]",
        components: [
          { name: "addends", type: "bytes32[]" },
          { name: "relation", type: "uint8" },
          { name: "bound", type: "bytes32" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "id", type: "bytes32" }],
    name: "parameter",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "id", type: "bytes32" },
          { name: "value", type: "uint256" },
          { name: "pending", type: "uint256" },
          { name: "effectiveAt", type: "uint64" },
          { name: "min", type: "uint256" },
          { name: "max", type: "uint256" },
          { name: "notice", type: "uint64" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "area", type: "uint8" },
      { name: "until", type: "uint64" },
    ],
    name: "pauseEntry",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "area", type: "uint8" }],
    name: "requireEntry",
    outputs: [],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "area", type: "uint8" }],
    name: "resumeEntry",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "id", type: "bytes32" },
      { name: "value", type: "uint256" },
    ],
    name: "set",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "guardian", type: "address" },
      { name: "until", type: "uint64" },
    ],
    name: "setEmergencyGuardian",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "changes",
        type: "tuple[]",
        components: [
          { name: "id", type: "bytes32" },
          { name: "value", type: "uint256" },
        ],
      },
    ],
    name: "setMany",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "settledAt", outputs: [{ name: "", type: "uint64" }], stateMutability: "view", type: "function" },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
] as const;
