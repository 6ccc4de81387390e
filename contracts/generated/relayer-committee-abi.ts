/** ABI of RelayerCommittee (contracts/RelayerCommittee.sol). Written by scripts/generate/abi.ts. */
export const relayerCommitteeAbi = [
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "parameters", type: "address" },
      { name: "timelock_", type: "address" },
      { name: "genesis", type: "uint64" },
      { name: "length", type: "uint64" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  { inputs: [{ name: "store", type: "address" }], name: "CodeStorage_Empty", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "CodeStorage_TooLong",
    type: "error",
  },
  { inputs: [{ name: "length", type: "uint256" }], name: "CodeStorage_WriteFailed", type: "error" },
  {
    inputs: [
      { name: "genesis", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "EpochClock_GenesisInFuture",
    type: "error",
  },
  {
    inputs: [
      { name: "length", type: "uint64" },
      { name: "min", type: "uint64" },
      { name: "max", type: "uint64" },
    ],
    name: "EpochClock_LengthOutOfBounds",
    type: "error",
  },
  { inputs: [{ name: "other", type: "address" }], name: "EpochClock_ScheduleMismatch", type: "error" },
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
    inputs: [
      { name: "relayer", type: "address" },
      { name: "vacatableAt", type: "uint64" },
    ],
    name: "RelayerCommittee_AlreadyResigned",
    type: "error",
  },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "RelayerCommittee_EndpointLength",
    type: "error",
  },
  { inputs: [{ name: "length", type: "uint256" }], name: "RelayerCommittee_InvalidKey", type: "error" },
  {
    inputs: [
      { name: "previous", type: "address" },
      { name: "next", type: "address" },
    ],
    name: "RelayerCommittee_NotAscending",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "bond", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "RelayerCommittee_NotBonded",
    type: "error",
  },
  {
    inputs: [
      { name: "releaseAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "RelayerCommittee_NotReleased",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_NotSeated", type: "error" },
  {
    inputs: [
      { name: "vacatableAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "RelayerCommittee_NoticeNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "seats", type: "uint256" },
      { name: "min", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "RelayerCommittee_SeatCount",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "version", type: "uint32" },
    ],
    name: "RelayerCommittee_Seated",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_UnknownRelayer", type: "error" },
  { inputs: [{ name: "version", type: "uint32" }], name: "RelayerCommittee_UnknownVersion", type: "error" },
  {
    inputs: [
      { name: "bits", type: "uint8" },
      { name: "value", type: "uint256" },
    ],
    name: "SafeCastOverflowedUintDowncast",
    type: "error",
  },
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "relayer", type: "address" },
      { indexed: false, name: "releaseAt", type: "uint64" },
    ],
    name: "BondReleaseRequested",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "relayer", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "BondWithdrawn",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "version", type: "uint32" },
      { indexed: false, name: "fromEpoch", type: "uint64" },
      { indexed: false, name: "members", type: "address[]" },
    ],
    name: "CommitteeSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "relayer", type: "address" },
      { indexed: false, name: "endpoint", type: "string" },
    ],
    name: "EndpointSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "relayer", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "bondAfter", type: "uint256" },
      { indexed: false, name: "mldsaKey", type: "bytes" },
      { indexed: false, name: "endpoint", type: "string" },
    ],
    name: "RelayerBonded",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "relayer", type: "address" },
      { indexed: false, name: "vacatableAt", type: "uint64" },
    ],
    name: "RelayerResigned",
    type: "event",
  },
  {
    inputs: [{ name: "version", type: "uint32" }],
    name: "activationOf",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "mldsaKey", type: "bytes" },
      { name: "endpoint", type: "string" },
    ],
    name: "bond",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "epoch", type: "uint64" }],
    name: "committeeFor",
    outputs: [
      { name: "version", type: "uint32" },
      { name: "packedMembers", type: "bytes" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "currentEpoch",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "epochGenesis",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "epochLength",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "epoch", type: "uint64" }],
    name: "epochStart",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "latestVersion",
    outputs: [{ name: "", type: "uint32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "version", type: "uint32" }],
    name: "membersOf",
    outputs: [{ name: "members", type: "address[]" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "version", type: "uint32" }],
    name: "quorumOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "relayer", type: "address" }],
    name: "relayerOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "bond", type: "uint128" },
          { name: "mldsaKeyHash", type: "bytes32" },
          { name: "releaseAt", type: "uint64" },
          { name: "vacatableAt", type: "uint64" },
          { name: "lastVersion", type: "uint32" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "requestBondRelease", outputs: [], stateMutability: "nonpayable", type: "function" },
  { inputs: [], name: "resign", outputs: [], stateMutability: "nonpayable", type: "function" },
  {
    inputs: [{ name: "members", type: "address[]" }],
    name: "setCommittee",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "endpoint", type: "string" }],
    name: "setEndpoint",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [],
    name: "totalBonded",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "relayer", type: "address" }],
    name: "vacateSeat",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "epoch", type: "uint64" }],
    name: "versionAt",
    outputs: [{ name: "", type: "uint32" }],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "withdrawBond", outputs: [], stateMutability: "nonpayable", type: "function" },
] as const;
