/** ABI of LeaseAgreements (contracts/LeaseAgreements.sol). Written by scripts/generate/abi.ts. */
export const leaseAgreementsAbi = [
  {
    inputs: [
      { name: "bridge", type: "address" },
      { name: "registry", type: "address" },
      { name: "parameters", type: "address" },
      { name: "listings_", type: "address" },
      { name: "timelock_", type: "address" },
    ],
    stateMutability: "nonpayable",
    type: "constructor",
  },
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
      { name: "acceptBy", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseEscrow_AcceptTooLate",
    type: "error",
  },
  {
    inputs: [
      { name: "free", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "LeaseEscrow_BondTooSmall",
    type: "error",
  },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "LeaseEscrow_CredentialTooLong",
    type: "error",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "LeaseEscrow_DepositTooLarge",
    type: "error",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "min", type: "uint256" },
    ],
    name: "LeaseEscrow_DepositTooSmall",
    type: "error",
  },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseEscrow_Disputed", type: "error" },
  {
    inputs: [
      { name: "graceUntil", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseEscrow_GraceOver",
    type: "error",
  },
  { inputs: [{ name: "client", type: "address" }], name: "LeaseEscrow_NoDeliveryKey", type: "error" },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "LeaseEscrow_NodeInactive", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "bound", type: "address" },
    ],
    name: "LeaseEscrow_NotBound",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "client", type: "address" },
    ],
    name: "LeaseEscrow_NotClient",
    type: "error",
  },
  {
    inputs: [
      { name: "redeemed", type: "uint256" },
      { name: "earned", type: "uint256" },
    ],
    name: "LeaseEscrow_NotEarned",
    type: "error",
  },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "version", type: "uint16" },
    ],
    name: "LeaseEscrow_NotOffered",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "LeaseEscrow_NotOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "LeaseEscrow_NotProvider",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "LeaseEscrow_NotSelf", type: "error" },
  { inputs: [{ name: "noticeEnd", type: "uint64" }], name: "LeaseEscrow_NoticeGiven", type: "error" },
  {
    inputs: [
      { name: "fundedUntil", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseEscrow_OutOfFunds",
    type: "error",
  },
  {
    inputs: [
      { name: "price", type: "uint256" },
      { name: "maxPrice", type: "uint256" },
    ],
    name: "LeaseEscrow_PriceAboveMax",
    type: "error",
  },
  {
    inputs: [
      { name: "epochs", type: "uint256" },
      { name: "min", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "LeaseEscrow_TermOutOfBounds",
    type: "error",
  },
  {
    inputs: [
      { name: "end", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseEscrow_TermOver",
    type: "error",
  },
  { inputs: [{ name: "token", type: "address" }], name: "LeaseEscrow_TokenNotAllowed", type: "error" },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseEscrow_UnknownLease", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "LeaseEscrow_WrongDeliveryKeyLength",
    type: "error",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "status", type: "uint8" },
    ],
    name: "LeaseEscrow_WrongStatus",
    type: "error",
  },
  { inputs: [], name: "LeaseEscrow_ZeroAmount", type: "error" },
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
    inputs: [
      { indexed: true, name: "identityId", type: "uint32" },
      { indexed: true, name: "token", type: "address" },
      { indexed: true, name: "from", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "BondDeposited",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "identityId", type: "uint32" },
      { indexed: true, name: "token", type: "address" },
      { indexed: true, name: "beneficiary", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
    ],
    name: "BondWithdrawn",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "sealed_", type: "bytes" },
    ],
    name: "CredentialDelivered",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "client", type: "address" },
      { indexed: false, name: "key", type: "bytes" },
    ],
    name: "DeliveryKeySet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "account", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "fee", type: "uint256" },
      { indexed: false, name: "redeemed", type: "uint256" },
    ],
    name: "EarnedPaid",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "start", type: "uint64" },
      { indexed: false, name: "end", type: "uint64" },
      { indexed: false, name: "bond", type: "uint256" },
    ],
    name: "LeaseAccepted",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "status", type: "uint8" },
      { indexed: false, name: "toClient", type: "uint256" },
      { indexed: false, name: "bond", type: "uint256" },
      { indexed: false, name: "janitor", type: "address" },
      { indexed: false, name: "janitorFee", type: "uint256" },
      { indexed: false, name: "vouchersUntil", type: "uint64" },
    ],
    name: "LeaseClosed",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "isDisputed", type: "bool" },
      { indexed: false, name: "disputedUntil", type: "uint64" },
      { indexed: false, name: "clientShareBp", type: "uint16" },
    ],
    name: "LeaseDisputeSet",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "end", type: "uint64" },
    ],
    name: "LeaseExtended",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "listingId", type: "uint32" },
      { indexed: true, name: "client", type: "address" },
      { indexed: false, name: "version", type: "uint16" },
      { indexed: false, name: "units", type: "uint16" },
      { indexed: false, name: "epochs", type: "uint32" },
      { indexed: false, name: "rate", type: "uint256" },
      { indexed: false, name: "balance", type: "uint256" },
      { indexed: false, name: "janitorFee", type: "uint256" },
      { indexed: false, name: "feeBp", type: "uint16" },
      { indexed: false, name: "acceptBy", type: "uint64" },
    ],
    name: "LeaseOpened",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "from", type: "uint64" },
      { indexed: false, name: "until", type: "uint64" },
      { indexed: false, name: "proven", type: "uint64" },
      { indexed: false, name: "missed", type: "uint64" },
      { indexed: false, name: "beneficiary", type: "address" },
      { indexed: false, name: "toProvider", type: "uint256" },
      { indexed: false, name: "fee", type: "uint256" },
      { indexed: false, name: "toClient", type: "uint256" },
    ],
    name: "LeaseSettled",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: true, name: "from", type: "address" },
      { indexed: false, name: "amount", type: "uint256" },
      { indexed: false, name: "balance", type: "uint256" },
    ],
    name: "LeaseToppedUp",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "isByProvider", type: "bool" },
      { indexed: false, name: "noticeEnd", type: "uint64" },
    ],
    name: "NoticeGiven",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "leaseId", type: "uint256" },
      { indexed: false, name: "outcome", type: "uint8" },
      { indexed: false, name: "reason", type: "bytes4" },
    ],
    name: "SweepSkipped",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, name: "token", type: "address" },
      { indexed: false, name: "isAllowed", type: "bool" },
      { indexed: false, name: "janitorFee", type: "uint64" },
      { indexed: false, name: "minDeposit", type: "uint96" },
    ],
    name: "TokenRuleSet",
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
      { name: "sealed_", type: "bytes" },
    ],
    name: "accept",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "token", type: "address" },
    ],
    name: "bondOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "free", type: "uint128" },
          { name: "locked", type: "uint128" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "cancel",
    outputs: [],
    stateMutability: "nonpayable",
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
    inputs: [],
    name: "currentEpoch",
    outputs: [{ name: "", type: "uint64" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "clientShareBp", type: "uint16" },
    ],
    name: "decide",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "decline",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "sealed_", type: "bytes" },
    ],
    name: "deliver",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "client", type: "address" }],
    name: "deliveryKeyHashOf",
    outputs: [{ name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "token", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "permit", type: "bytes" },
    ],
    name: "depositBond",
    outputs: [],
    stateMutability: "nonpayable",
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
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "epochs", type: "uint32" },
    ],
    name: "extend",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "giveNotice",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "holdFor",
    outputs: [{ name: "disputedUntil", type: "uint64" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [],
    name: "leaseCount",
    outputs: [{ name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        name: "request",
        type: "tuple",
        components: [
          { name: "listingId", type: "uint32" },
          { name: "version", type: "uint16" },
          { name: "units", type: "uint16" },
          { name: "epochs", type: "uint32" },
          { name: "deposit", type: "uint256" },
          { name: "maxPrice", type: "uint64" },
          { name: "deliveryKey", type: "bytes" },
        ],
      },
      {
        name: "offer",
        type: "tuple",
        components: [
          { name: "signer", type: "address" },
          { name: "expiresAt", type: "uint64" },
          { name: "nonce", type: "uint256" },
          { name: "signature", type: "bytes" },
        ],
      },
      { name: "permit", type: "bytes" },
    ],
    name: "open",
    outputs: [{ name: "leaseId", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ name: "leaseId", type: "uint256" }],
    name: "runwayOf",
    outputs: [
      { name: "fundedUntil", type: "uint64" },
      { name: "graceUntil", type: "uint64" },
      { name: "end", type: "uint64" },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ name: "key", type: "bytes" }],
    name: "setDeliveryKey",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      { name: "token", type: "address" },
      {
        name: "rule",
        type: "tuple",
        components: [
          { name: "isAllowed", type: "bool" },
          { name: "janitorFee", type: "uint64" },
          { name: "minDeposit", type: "uint96" },
        ],
      },
    ],
    name: "setTokenRule",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  { inputs: [], name: "timelock", outputs: [{ name: "", type: "address" }], stateMutability: "view", type: "function" },
  {
    inputs: [{ name: "token", type: "address" }],
    name: "tokenRuleOf",
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "isAllowed", type: "bool" },
          { name: "janitorFee", type: "uint64" },
          { name: "minDeposit", type: "uint96" },
        ],
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      { name: "leaseId", type: "uint256" },
      { name: "amount", type: "uint256" },
      { name: "permit", type: "bytes" },
    ],
    name: "topUp",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
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
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "token", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    name: "withdrawBond",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;
