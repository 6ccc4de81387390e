/** ABI of QuadraticRound (contracts/QuadraticRound.sol). Written by scripts/generate/abi.ts. */
export const quadraticRoundAbi = [
  {
    inputs: [
      { name: "votes_", type: "address" },
      { name: "parameters", type: "address" },
      { name: "timelock_", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
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
  { inputs: [{ name: "identity", type: "uint256" }], name: "QuadraticRound_Certified", type: "error" },
  {
    inputs: [
      { name: "identity", type: "uint256" },
      { name: "since", type: "uint48" },
      { name: "startsAt", type: "uint48" },
    ],
    name: "QuadraticRound_HeldTooLate",
    type: "error",
  },
  { inputs: [{ name: "option", type: "uint256" }], name: "QuadraticRound_InvalidOption", type: "error" },
  {
    inputs: [
      { name: "startsAt", type: "uint48" },
      { name: "endsAt", type: "uint48" },
      { name: "longest", type: "uint256" },
    ],
    name: "QuadraticRound_InvalidPeriod",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "QuadraticRound_InvalidTerms", type: "error" },
  { inputs: [], name: "QuadraticRound_NoCredits", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "QuadraticRound_NotCertified", type: "error" },
  {
    inputs: [
      { name: "startsAt", type: "uint48" },
      { name: "endsAt", type: "uint48" },
    ],
    name: "QuadraticRound_NotNow",
    type: "error",
  },
  { inputs: [{ name: "endsAt", type: "uint48" }], name: "QuadraticRound_NotOver", type: "error" },
  {
    inputs: [
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "QuadraticRound_OptionCount",
    type: "error",
  },
  { inputs: [{ name: "seasonId", type: "uint32" }], name: "QuadraticRound_SeasonNotOpen", type: "error" },
  {
    inputs: [
      { name: "cost", type: "uint256" },
      { name: "credits", type: "uint256" },
    ],
    name: "QuadraticRound_TooFewCredits",
    type: "error",
  },
  {
    inputs: [
      { name: "units", type: "uint256" },
      { name: "minUnits", type: "uint256" },
    ],
    name: "QuadraticRound_TooFewUnits",
    type: "error",
  },
  { inputs: [{ name: "roundId", type: "uint32" }], name: "QuadraticRound_UnknownRound", type: "error" },
  {
    inputs: [
      { name: "option", type: "uint256" },
      { name: "optionCount", type: "uint256" },
    ],
    name: "QuadraticRound_WrongOption",
    type: "error",
  },
  {
    inputs: [
      { name: "seasonId", type: "uint32" },
      { name: "next", type: "uint32" },
    ],
    name: "QuadraticRound_WrongSeason",
    type: "error",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "roundId", type: "uint32" },
      { indexed: true, name: "identity", type: "uint256" },
    ],
    name: "BallotDiscarded",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "roundId", type: "uint32" },
      { indexed: true, name: "seasonId", type: "uint32" },
      {
        indexed: false,
        name: "terms",
        type: "tuple",
        components: [
          { name: "season", type: "uint32" },
          { name: "kind", type: "uint8" },
          { name: "winners", type: "uint8" },
          { name: "minVotes", type: "uint32" },
          { name: "token", type: "address" },
          { name: "budget", type: "uint96" },
        ],
      },
      {
        indexed: false,
        name: "options",
        type: "tuple[]",
        components: [
          { name: "target", type: "address" },
          { name: "most", type: "uint96" },
          { name: "data", type: "bytes" },
        ],
      },
      { indexed: false, name: "description", type: "string" },
    ],
    name: "RoundOpened",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "seasonId", type: "uint32" },
      { indexed: false, name: "startsAt", type: "uint48" },
      { indexed: false, name: "endsAt", type: "uint48" },
      { indexed: false, name: "credits", type: "uint32" },
      { indexed: false, name: "minUnits", type: "uint48" },
    ],
    name: "SeasonOpened",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "roundId", type: "uint32" },
      { indexed: true, name: "identity", type: "uint256" },
      { indexed: true, name: "account", type: "address" },
      {
        indexed: false,
        name: "choices",
        type: "tuple[]",
        components: [
          { name: "option", type: "uint8" },
          { name: "votes", type: "uint16" },
        ],
      },
      { indexed: false, name: "spent", type: "uint256" },
    ],
    name: "Voted",
    type: "event",
  },
  {
    inputs: [],
    name: "MAX_OPTIONS",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "roundId", type: "uint32" },
      { name: "identity", type: "uint256" },
    ],
    name: "ballotOf",
    outputs: [{ name: "", type: "uint256[]" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "roundId", type: "uint32" },
      { name: "identity", type: "uint256" },
    ],
    name: "discard",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        name: "terms",
        type: "tuple",
        components: [
          { name: "season", type: "uint32" },
          { name: "kind", type: "uint8" },
          { name: "winners", type: "uint8" },
          { name: "minVotes", type: "uint32" },
          { name: "token", type: "address" },
          { name: "budget", type: "uint96" },
        ],
      },
      {
        name: "options",
        type: "tuple[]",
        components: [
          { name: "target", type: "address" },
          { name: "most", type: "uint96" },
          { name: "data", type: "bytes" },
        ],
      },
      { name: "description", type: "string" },
    ],
    name: "openRound",
    outputs: [{ name: "roundId", type: "uint32" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "seasonId", type: "uint32" },
      {
        name: "terms",
        type: "tuple",
        components: [
          { name: "startsAt", type: "uint48" },
          { name: "endsAt", type: "uint48" },
          { name: "credits", type: "uint32" },
          { name: "minUnits", type: "uint48" },
        ],
      },
    ],
    name: "openSeason",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "roundId", type: "uint32" }],
    name: "optionsOf",
    outputs: [
      {
        name: "",
        type: "tuple[]",
        components: [
          { name: "target", type: "address" },
          { name: "most", type: "uint96" },
          { name: "data", type: "bytes" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "roundId", type: "uint32" }],
    name: "resultOf",
    outputs: [
      { name: "targets", type: "address[]" },
      { name: "values", type: "uint256[]" },
      { name: "calldatas", type: "bytes[]" },
      { name: "description", type: "string" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "roundCount",
    outputs: [{ name: "", type: "uint32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "roundId", type: "uint32" }],
    name: "roundOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "season", type: "uint32" },
          { name: "kind", type: "uint8" },
          { name: "winners", type: "uint8" },
          { name: "minVotes", type: "uint32" },
          { name: "token", type: "address" },
          { name: "budget", type: "uint96" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "seasonCount",
    outputs: [{ name: "", type: "uint32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "seasonId", type: "uint32" }],
    name: "seasonOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "startsAt", type: "uint48" },
          { name: "endsAt", type: "uint48" },
          { name: "credits", type: "uint32" },
          { name: "minUnits", type: "uint48" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "seasonId", type: "uint32" },
      { name: "identity", type: "uint256" },
    ],
    name: "spentOf",
    outputs: [{ name: "credits", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "roundId", type: "uint32" }],
    name: "tallyOf",
    outputs: [{ name: "", type: "uint256[]" }],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      { name: "roundId", type: "uint32" },
      {
        name: "choices",
        type: "tuple[]",
        components: [
          { name: "option", type: "uint8" },
          { name: "votes", type: "uint16" },
        ],
      },
    ],
    name: "vote",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "votes", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
] as const;
