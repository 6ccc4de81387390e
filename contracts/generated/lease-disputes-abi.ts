/** ABI of LeaseDisputes (contracts/LeaseDisputes.sol). Written by scripts/generate/abi.ts. */
export const leaseDisputesAbi = [
  {
    inputs: [
      { name: "escrow_", type: "address" },
      { name: "registry", type: "address" },
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
  {
    inputs: [
      { name: "bond", type: "uint256" },
      { name: "maxBond", type: "uint256" },
    ],
    name: "LeaseDisputes_BondAboveMax",
    type: "error",
  },
  {
    inputs: [
      { name: "received", type: "uint256" },
      { name: "bond", type: "uint256" },
    ],
    name: "LeaseDisputes_BondTooSmall",
    type: "error",
  },
  {
    inputs: [
      { name: "deadline", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "LeaseDisputes_Deadline",
    type: "error",
  },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseDisputes_NoDispute", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "arbitrator", type: "address" },
    ],
    name: "LeaseDisputes_NotArbitrator",
    type: "error",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "clientShareBp", type: "uint16" },
    ],
    name: "LeaseDisputes_NotOffered",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "leaseId", type: "uint256" },
    ],
    name: "LeaseDisputes_NotParty",
    type: "error",
  },
  {
    inputs: [
      { name: "shareBp", type: "uint16" },
      { name: "max", type: "uint16" },
    ],
    name: "LeaseDisputes_ShareTooLarge",
    type: "error",
  },
  { inputs: [], name: "ReentrancyGuardReentrantCall", type: "error" },
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "TokenBalances_AmountTooLarge",
    type: "error",
  },
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "account", type: "address" },
    ],
    name: "TokenBalances_NothingToWithdraw",
    type: "error",
  },
  {
    anonymous: false,
    inputs: [{ indexed: true, name: "arbitrator", type: "address" }],
    name: "ArbitratorSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "outcome", type: "uint8" },
      { indexed: false, name: "clientShareBp", type: "uint16" },
      { indexed: false, name: "bondTo", type: "address" },
      { indexed: false, name: "bond", type: "uint256" },
    ],
    name: "DisputeEnded",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "client", type: "address" },
      { indexed: false, name: "token", type: "address" },
      { indexed: false, name: "bond", type: "uint256" },
      { indexed: false, name: "deadline", type: "uint64" },
      { indexed: false, name: "evidence", type: "bytes32" },
    ],
    name: "DisputeOpened",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "isByClient", type: "bool" },
      { indexed: false, name: "clientShareBp", type: "uint16" },
    ],
    name: "SettlementOffered",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "token", type: "address" },
      { indexed: true, name: "account", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "Withdrawn",
    type: "event",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "clientShareBp", type: "uint16" },
    ],
    name: "acceptSettlement",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "arbitrator",
    outputs: [{ name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "bondFor",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "account", type: "address" },
    ],
    name: "creditOf",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "disputeOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "client", type: "address" },
          { name: "deadline", type: "uint64" },
          { name: "offerBp", type: "uint16" },
          { name: "isOfferByClient", type: "bool" },
          { name: "hasOffer", type: "bool" },
          { name: "token", type: "address" },
          { name: "bond", type: "uint96" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  { inputs: [], name: "escrow", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "expire",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "clientShareBp", type: "uint16" },
    ],
    name: "offerSettlement",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "evidence", type: "bytes32" },
      { name: "maxBond", type: "uint256" },
      { name: "permit", type: "bytes" },
    ],
    name: "open",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "clientShareBp", type: "uint16" },
    ],
    name: "rule",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "arbitrator_", type: "address" }],
    name: "setArbitrator",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [
      { name: "token", type: "address" },
      { name: "account", type: "address" },
    ],
    name: "withdraw",
    outputs: [{ name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "withdrawDispute",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
