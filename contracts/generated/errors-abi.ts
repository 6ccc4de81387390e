/** Every custom error of every contract, inherited ones included. Written by scripts/generate/abi.ts. */
export const errorsAbi = [
  { inputs: [], name: "AccessControlBadConfirmation", type: "error" },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "neededRole", type: "bytes32" },
    ],
    name: "AccessControlUnauthorizedAccount",
    type: "error",
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
  { inputs: [{ name: "caller", type: "address" }], name: "Arbitrated_NotArbiter", type: "error" },
  { inputs: [{ name: "measurement", type: "bytes32" }], name: "AttestationBridge_AlreadyApproved", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "AttestationBridge_AlreadyCommitted",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "shard", type: "uint32" },
    ],
    name: "AttestationBridge_AlreadyReported",
    type: "error",
  },
  { inputs: [{ name: "epoch", type: "uint64" }], name: "AttestationBridge_BeaconExists", type: "error" },
  {
    inputs: [
      { name: "blockNumber", type: "uint64" },
      { name: "newestAllowed", type: "uint64" },
    ],
    name: "AttestationBridge_BeaconTooRecent",
    type: "error",
  },
  {
    inputs: [
      { name: "fromEpoch", type: "uint64" },
      { name: "toEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_EmptyRange",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_EpochNotBegun",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_EpochNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "blockNumber", type: "uint64" },
      { name: "beacon", type: "bytes32" },
    ],
    name: "AttestationBridge_InvalidBeacon",
    type: "error",
  },
  { inputs: [{ name: "position", type: "uint256" }], name: "AttestationBridge_InvalidIndexList", type: "error" },
  {
    inputs: [
      { name: "seat", type: "uint256" },
      { name: "member", type: "address" },
    ],
    name: "AttestationBridge_InvalidSignature",
    type: "error",
  },
  {
    inputs: [
      { name: "signatures", type: "uint256" },
      { name: "quorum", type: "uint256" },
    ],
    name: "AttestationBridge_NoQuorum",
    type: "error",
  },
  { inputs: [{ name: "measurement", type: "bytes32" }], name: "AttestationBridge_NotApproved", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "AttestationBridge_NotOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "nextEpoch", type: "uint64" },
      { name: "firstOpenEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_NothingToPass",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "expectedEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_OutOfOrder",
    type: "error",
  },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "AttestationBridge_QualityLength",
    type: "error",
  },
  {
    inputs: [
      { name: "toEpoch", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "AttestationBridge_RangeNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "deadline", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "AttestationBridge_ReportTooLate",
    type: "error",
  },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "AttestationBridge_SignatureLength",
    type: "error",
  },
  {
    inputs: [
      { name: "shard", type: "uint32" },
      { name: "shardCount", type: "uint32" },
    ],
    name: "AttestationBridge_UnknownShard",
    type: "error",
  },
  {
    inputs: [
      { name: "window", type: "string" },
      { name: "epochs", type: "uint64" },
      { name: "min", type: "uint64" },
      { name: "max", type: "uint64" },
    ],
    name: "AttestationBridge_WindowOutOfBounds",
    type: "error",
  },
  {
    inputs: [
      { name: "version", type: "uint32" },
      { name: "expected", type: "uint32" },
    ],
    name: "AttestationBridge_WrongCommittee",
    type: "error",
  },
  { inputs: [], name: "AttestationBridge_ZeroEpochs", type: "error" },
  { inputs: [], name: "AttestationBridge_ZeroMeasurement", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "AttestationDisputes_AlreadyProven",
    type: "error",
  },
  {
    inputs: [
      { name: "bond", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "AttestationDisputes_BondTooLow",
    type: "error",
  },
  { inputs: [{ name: "id", type: "uint256" }], name: "AttestationDisputes_ChallengeExists", type: "error" },
  { inputs: [{ name: "epoch", type: "uint64" }], name: "AttestationDisputes_HistoryMissing", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
      { name: "flaw", type: "uint8" },
    ],
    name: "AttestationDisputes_LeafStands",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "AttestationDisputes_NoLeafClaimed",
    type: "error",
  },
  {
    inputs: [
      { name: "root", type: "bytes32" },
      { name: "position", type: "uint32" },
    ],
    name: "AttestationDisputes_NotInTree",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "seat", type: "uint256" },
    ],
    name: "AttestationDisputes_NotResponder",
    type: "error",
  },
  { inputs: [{ name: "account", type: "address" }], name: "AttestationDisputes_NothingToWithdraw", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "AttestationDisputes_SignatureLength",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "AttestationDisputes_TooEarly",
    type: "error",
  },
  {
    inputs: [
      { name: "deadline", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "AttestationDisputes_TooLate",
    type: "error",
  },
  {
    inputs: [
      { name: "id", type: "uint256" },
      { name: "state", type: "uint8" },
    ],
    name: "AttestationDisputes_WrongState",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "credit", type: "uint256" },
    ],
    name: "CaesarEmissions_InsufficientCredit",
    type: "error",
  },
  {
    inputs: [
      { name: "yearCount", type: "uint256" },
      { name: "decayBp", type: "uint256" },
    ],
    name: "CaesarEmissions_InvalidCurve",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "accruedUntil", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "CaesarEmissions_InvalidTime",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "distributor", type: "address" },
    ],
    name: "CaesarEmissions_NotDistributor",
    type: "error",
  },
  {
    inputs: [
      { name: "balance", type: "uint256" },
      { name: "bucket", type: "uint256" },
    ],
    name: "CaesarEmissions_WrongBucket",
    type: "error",
  },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "identity", type: "uint256" },
    ],
    name: "CertificateRegistry_AccountTaken",
    type: "error",
  },
  {
    inputs: [
      { name: "serial", type: "uint160" },
      { name: "revokedAt", type: "uint40" },
    ],
    name: "CertificateRegistry_AlreadyRevoked",
    type: "error",
  },
  {
    inputs: [
      { name: "authorityId", type: "uint32" },
      { name: "revokedAt", type: "uint40" },
    ],
    name: "CertificateRegistry_AuthorityAlreadyRevoked",
    type: "error",
  },
  {
    inputs: [
      { name: "authorityId", type: "uint32" },
      { name: "held", type: "bool" },
    ],
    name: "CertificateRegistry_AuthorityHoldUnchanged",
    type: "error",
  },
  {
    inputs: [
      { name: "authorityId", type: "uint32" },
      { name: "status", type: "uint8" },
    ],
    name: "CertificateRegistry_CannotIssue",
    type: "error",
  },
  {
    inputs: [
      { name: "deadline", type: "uint64" },
      { name: "time", type: "uint256" },
    ],
    name: "CertificateRegistry_DeadlinePassed",
    type: "error",
  },
  { inputs: [{ name: "field", type: "string" }], name: "CertificateRegistry_EmptyField", type: "error" },
  {
    inputs: [
      { name: "serial", type: "uint160" },
      { name: "authorityId", type: "uint32" },
    ],
    name: "CertificateRegistry_HeldFromAbove",
    type: "error",
  },
  {
    inputs: [
      { name: "serial", type: "uint160" },
      { name: "held", type: "bool" },
    ],
    name: "CertificateRegistry_HoldUnchanged",
    type: "error",
  },
  {
    inputs: [
      { name: "identity", type: "uint256" },
      { name: "serial", type: "uint160" },
    ],
    name: "CertificateRegistry_IdentityTaken",
    type: "error",
  },
  { inputs: [{ name: "action", type: "uint8" }], name: "CertificateRegistry_InvalidAction", type: "error" },
  {
    inputs: [
      { name: "nonce", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "CertificateRegistry_InvalidNonce",
    type: "error",
  },
  {
    inputs: [
      { name: "overlapUntil", type: "uint40" },
      { name: "time", type: "uint256" },
      { name: "notAfter", type: "uint40" },
    ],
    name: "CertificateRegistry_InvalidOverlap",
    type: "error",
  },
  {
    inputs: [
      { name: "notBefore", type: "uint40" },
      { name: "notAfter", type: "uint40" },
      { name: "time", type: "uint256" },
    ],
    name: "CertificateRegistry_InvalidPeriod",
    type: "error",
  },
  { inputs: [{ name: "reason", type: "uint8" }], name: "CertificateRegistry_InvalidReason", type: "error" },
  { inputs: [{ name: "serial", type: "uint160" }], name: "CertificateRegistry_InvalidSerial", type: "error" },
  { inputs: [], name: "CertificateRegistry_InvalidSignature", type: "error" },
  {
    inputs: [
      { name: "authorityId", type: "uint32" },
      { name: "identityId", type: "uint32" },
    ],
    name: "CertificateRegistry_InvalidSigner",
    type: "error",
  },
  {
    inputs: [
      { name: "kind", type: "uint8" },
      { name: "subject", type: "uint256" },
    ],
    name: "CertificateRegistry_InvalidSubject",
    type: "error",
  },
  {
    inputs: [
      { name: "taintedFrom", type: "uint40" },
      { name: "rotateBy", type: "uint40" },
      { name: "time", type: "uint256" },
    ],
    name: "CertificateRegistry_InvalidTaint",
    type: "error",
  },
  {
    inputs: [
      { name: "first", type: "uint256" },
      { name: "second", type: "uint256" },
    ],
    name: "CertificateRegistry_LengthMismatch",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "authorityId", type: "uint32" },
    ],
    name: "CertificateRegistry_NotAuthorized",
    type: "error",
  },
  {
    inputs: [
      { name: "authorityId", type: "uint32" },
      { name: "signer", type: "bytes" },
    ],
    name: "CertificateRegistry_NotDelegate",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "CertificateRegistry_NotRegistry", type: "error" },
  {
    inputs: [
      { name: "replaced", type: "uint160" },
      { name: "serial", type: "uint160" },
    ],
    name: "CertificateRegistry_NotReplaceable",
    type: "error",
  },
  {
    inputs: [
      { name: "field", type: "string" },
      { name: "value", type: "uint256" },
      { name: "limit", type: "uint256" },
    ],
    name: "CertificateRegistry_OutsideConstraint",
    type: "error",
  },
  {
    inputs: [
      { name: "serial", type: "uint160" },
      { name: "authorityId", type: "uint32" },
      { name: "identityId", type: "uint32" },
    ],
    name: "CertificateRegistry_OutsideOrder",
    type: "error",
  },
  { inputs: [{ name: "serial", type: "uint160" }], name: "CertificateRegistry_SerialTaken", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "CertificateRegistry_UnexpectedAccount", type: "error" },
  { inputs: [{ name: "authorityId", type: "uint32" }], name: "CertificateRegistry_UnknownAuthority", type: "error" },
  { inputs: [{ name: "serial", type: "uint160" }], name: "CertificateRegistry_UnknownCertificate", type: "error" },
  { inputs: [], name: "CheckpointUnorderedInsertion", type: "error" },
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
      { name: "epoch", type: "uint64" },
      { name: "shard", type: "uint32" },
    ],
    name: "CommitteeFees_Forged",
    type: "error",
  },
  {
    inputs: [
      { name: "member", type: "address" },
      { name: "epoch", type: "uint64" },
    ],
    name: "CommitteeFees_HasSigned",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "finalizedBefore", type: "uint64" },
    ],
    name: "CommitteeFees_NotFinal",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "next", type: "uint64" },
    ],
    name: "CommitteeFees_NotInARow",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "epoch", type: "uint64" },
    ],
    name: "CommitteeFees_NotMember",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "nextEpoch", type: "uint64" },
    ],
    name: "CommitteeFees_NotRecent",
    type: "error",
  },
  {
    inputs: [
      { name: "reports", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "CommitteeFees_TooFewReports",
    type: "error",
  },
  { inputs: [], name: "CommitteeFees_ZeroAmount", type: "error" },
  { inputs: [], name: "ECDSAInvalidSignature", type: "error" },
  { inputs: [{ name: "length", type: "uint256" }], name: "ECDSAInvalidSignatureLength", type: "error" },
  { inputs: [{ name: "s", type: "bytes32" }], name: "ECDSAInvalidSignatureS", type: "error" },
  {
    inputs: [
      { name: "increasedSupply", type: "uint256" },
      { name: "cap", type: "uint256" },
    ],
    name: "ERC20ExceededSafeSupply",
    type: "error",
  },
  {
    inputs: [
      { name: "spender", type: "address" },
      { name: "allowance", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "ERC20InsufficientAllowance",
    type: "error",
  },
  {
    inputs: [
      { name: "sender", type: "address" },
      { name: "balance", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "ERC20InsufficientBalance",
    type: "error",
  },
  { inputs: [{ name: "approver", type: "address" }], name: "ERC20InvalidApprover", type: "error" },
  { inputs: [{ name: "receiver", type: "address" }], name: "ERC20InvalidReceiver", type: "error" },
  { inputs: [{ name: "sender", type: "address" }], name: "ERC20InvalidSender", type: "error" },
  { inputs: [{ name: "spender", type: "address" }], name: "ERC20InvalidSpender", type: "error" },
  { inputs: [{ name: "deadline", type: "uint256" }], name: "ERC2612ExpiredSignature", type: "error" },
  {
    inputs: [
      { name: "signer", type: "address" },
      { name: "owner", type: "address" },
    ],
    name: "ERC2612InvalidSigner",
    type: "error",
  },
  {
    inputs: [
      { name: "timepoint", type: "uint256" },
      { name: "clock", type: "uint48" },
    ],
    name: "ERC5805FutureLookup",
    type: "error",
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
  { inputs: [{ name: "claim", type: "bytes32" }], name: "Evidence_ClaimKnown", type: "error" },
  {
    inputs: [
      { name: "claimedAt", type: "uint64" },
      { name: "matureAt", type: "uint64" },
    ],
    name: "Evidence_ClaimNotMature",
    type: "error",
  },
  {
    inputs: [
      { name: "shard", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "Evidence_UnknownReport",
    type: "error",
  },
  {
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "expected", type: "bytes32" },
    ],
    name: "Evidence_WrongKey",
    type: "error",
  },
  {
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "expected", type: "bytes32" },
    ],
    name: "Evidence_WrongList",
    type: "error",
  },
  { inputs: [], name: "FailedCall", type: "error" },
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
  { inputs: [{ name: "voter", type: "address" }], name: "GovernorAlreadyCastVote", type: "error" },
  { inputs: [{ name: "proposalId", type: "uint256" }], name: "GovernorAlreadyQueuedProposal", type: "error" },
  { inputs: [], name: "GovernorDisabledDeposit", type: "error" },
  {
    inputs: [
      { name: "proposer", type: "address" },
      { name: "votes", type: "uint256" },
      { name: "threshold", type: "uint256" },
    ],
    name: "GovernorInsufficientProposerVotes",
    type: "error",
  },
  {
    inputs: [
      { name: "targets", type: "uint256" },
      { name: "calldatas", type: "uint256" },
      { name: "values", type: "uint256" },
    ],
    name: "GovernorInvalidProposalLength",
    type: "error",
  },
  { inputs: [{ name: "voter", type: "address" }], name: "GovernorInvalidSignature", type: "error" },
  { inputs: [], name: "GovernorInvalidVoteParams", type: "error" },
  { inputs: [], name: "GovernorInvalidVoteType", type: "error" },
  { inputs: [{ name: "votingPeriod", type: "uint256" }], name: "GovernorInvalidVotingPeriod", type: "error" },
  { inputs: [{ name: "proposalId", type: "uint256" }], name: "GovernorNonexistentProposal", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "GovernorOnlyExecutor", type: "error" },
  { inputs: [{ name: "proposalId", type: "uint256" }], name: "GovernorProposalQueueingFailed", type: "error" },
  { inputs: [{ name: "proposalId", type: "uint256" }], name: "GovernorProposalQueueingNotRequired", type: "error" },
  { inputs: [{ name: "proposer", type: "address" }], name: "GovernorRestrictedProposer", type: "error" },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "account", type: "address" },
    ],
    name: "GovernorUnableToCancel",
    type: "error",
  },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "current", type: "uint8" },
      { name: "expectedStates", type: "bytes32" },
    ],
    name: "GovernorUnexpectedProposalState",
    type: "error",
  },
  {
    inputs: [
      { name: "balance", type: "uint256" },
      { name: "needed", type: "uint256" },
    ],
    name: "InsufficientBalance",
    type: "error",
  },
  {
    inputs: [
      { name: "account", type: "address" },
      { name: "currentNonce", type: "uint256" },
    ],
    name: "InvalidAccountNonce",
    type: "error",
  },
  {
    inputs: [
      { name: "cliffSeconds", type: "uint64" },
      { name: "durationSeconds", type: "uint64" },
    ],
    name: "InvalidCliffDuration",
    type: "error",
  },
  { inputs: [], name: "InvalidShortString", type: "error" },
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
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseVouchers_InvalidSignature", type: "error" },
  { inputs: [{ name: "leaseId", type: "uint256" }], name: "LeaseVouchers_NotClosed", type: "error" },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "redeemed", type: "uint256" },
      { name: "earned", type: "uint256" },
    ],
    name: "LeaseVouchers_NothingToRedeem",
    type: "error",
  },
  {
    inputs: [
      { name: "until", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "LeaseVouchers_OutsideWindow",
    type: "error",
  },
  { inputs: [{ name: "verifier", type: "address" }], name: "MLDSA65_CallFailed", type: "error" },
  { inputs: [{ name: "verifier", type: "address" }], name: "MLDSA65_NoVerifier", type: "error" },
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
  { inputs: [], name: "MLDSASwitch_NothingPending", type: "error" },
  { inputs: [{ name: "fromEpoch", type: "uint64" }], name: "MLDSASwitch_Pending", type: "error" },
  {
    inputs: [
      { name: "verifier", type: "address" },
      { name: "verdict", type: "bool" },
    ],
    name: "MLDSASwitch_WrongVerdict",
    type: "error",
  },
  { inputs: [{ name: "offenceId", type: "bytes32" }], name: "MemberOffences_AlreadyConvicted", type: "error" },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "finalizedBefore", type: "uint64" },
    ],
    name: "MemberOffences_EpochFinal",
    type: "error",
  },
  {
    inputs: [
      { name: "first", type: "bytes32" },
      { name: "second", type: "bytes32" },
    ],
    name: "MemberOffences_NoEquivocation",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "MemberOffences_NoOmission",
    type: "error",
  },
  { inputs: [{ name: "reportDigest", type: "bytes32" }], name: "MemberOffences_NotForged", type: "error" },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "epoch", type: "uint64" },
    ],
    name: "MemberOffences_NotMember",
    type: "error",
  },
  {
    inputs: [
      { name: "member", type: "address" },
      { name: "digest", type: "bytes32" },
    ],
    name: "MemberOffences_NotSigned",
    type: "error",
  },
  { inputs: [{ name: "target", type: "address" }], name: "MeshGovernor_BondsOnly", type: "error" },
  { inputs: [{ name: "proposalId", type: "uint256" }], name: "MeshGovernor_NoBond", type: "error" },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "account", type: "address" },
    ],
    name: "MeshGovernor_NoVotes",
    type: "error",
  },
  { inputs: [], name: "MeshGovernor_ParamsNotSupported", type: "error" },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
    name: "MeshGovernor_VotingNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "id", type: "bytes32" },
      { name: "unapprovedFrom", type: "uint256" },
    ],
    name: "MeshTimelock_NotApproved",
    type: "error",
  },
  { inputs: [{ name: "id", type: "bytes32" }], name: "MeshTimelock_NotPending", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "MeshTimelock_RoleConflict", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "MeshTimelock_TableClosed", type: "error" },
  { inputs: [{ name: "receiver", type: "address" }], name: "MeshToken_InvalidReceiver", type: "error" },
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
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeDelegation_BelowMinimum",
    type: "error",
  },
  {
    inputs: [
      { name: "bp", type: "uint256" },
      { name: "maxBp", type: "uint256" },
    ],
    name: "NodeDelegation_CommissionTooHigh",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeDelegation_EmptyPool", type: "error" },
  {
    inputs: [
      { name: "requested", type: "uint256" },
      { name: "available", type: "uint256" },
    ],
    name: "NodeDelegation_InsufficientShares",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "delegator", type: "address" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeDelegation_NotDelegator",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "NodeDelegation_NotOperator",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotPayer", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotSlashing", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeDelegation_NotStaking", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "amount", type: "uint256" },
      { name: "taken", type: "uint256" },
    ],
    name: "NodeDelegation_NotTaken",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
      { name: "nextMaturity", type: "uint64" },
    ],
    name: "NodeDelegation_NothingMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeDelegation_Pardonable",
    type: "error",
  },
  {
    inputs: [
      { name: "shares", type: "uint256" },
      { name: "minShares", type: "uint256" },
    ],
    name: "NodeDelegation_TooFewShares",
    type: "error",
  },
  {
    inputs: [
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeDelegation_TooManyUnbondings",
    type: "error",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "minAmount", type: "uint256" },
    ],
    name: "NodeDelegation_TooSmallAmount",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "delegator", type: "address" },
      { name: "unbondingId", type: "uint32" },
    ],
    name: "NodeDelegation_UnknownUnbonding",
    type: "error",
  },
  { inputs: [], name: "NodeDelegation_ZeroAmount", type: "error" },
  { inputs: [{ name: "jurisdiction", type: "bytes2" }], name: "NodeListings_InvalidJurisdiction", type: "error" },
  { inputs: [{ name: "signer", type: "address" }], name: "NodeListings_InvalidOffer", type: "error" },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeListings_NodeExited", type: "error" },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "client", type: "address" },
      { name: "privacy", type: "uint8" },
      { name: "buyer", type: "uint8" },
    ],
    name: "NodeListings_NotAdmitted",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "kind", type: "uint8" },
      { name: "offeredBp", type: "uint256" },
      { name: "attestedBp", type: "uint256" },
    ],
    name: "NodeListings_NotAttested",
    type: "error",
  },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "units", type: "uint256" },
      { name: "free", type: "uint256" },
    ],
    name: "NodeListings_NotEnoughUnits",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "escrow", type: "address" },
    ],
    name: "NodeListings_NotEscrow",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "NodeListings_NotInReport",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
      { name: "shown", type: "uint64" },
    ],
    name: "NodeListings_NotNewer",
    type: "error",
  },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "isPaused", type: "bool" },
      { name: "isRetired", type: "bool" },
    ],
    name: "NodeListings_NotOpen",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "NodeListings_NotOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "expiresAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "NodeListings_OfferExpired",
    type: "error",
  },
  {
    inputs: [
      { name: "identityId", type: "uint32" },
      { name: "nonce", type: "uint256" },
    ],
    name: "NodeListings_OfferUsed",
    type: "error",
  },
  {
    inputs: [
      { name: "field", type: "string" },
      { name: "value", type: "uint256" },
      { name: "min", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeListings_OutOfBounds",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "kind", type: "uint8" },
      { name: "shareBp", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeListings_ShareExceeded",
    type: "error",
  },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "units", type: "uint16" },
      { name: "soldUnits", type: "uint16" },
    ],
    name: "NodeListings_UnitsSold",
    type: "error",
  },
  { inputs: [{ name: "listingId", type: "uint32" }], name: "NodeListings_UnknownListing", type: "error" },
  {
    inputs: [
      { name: "listingId", type: "uint32" },
      { name: "version", type: "uint16" },
      { name: "newest", type: "uint16" },
    ],
    name: "NodeListings_WrongVersion",
    type: "error",
  },
  { inputs: [{ name: "offenceId", type: "bytes32" }], name: "NodeOffences_AlreadyProven", type: "error" },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "otherEpoch", type: "uint64" },
    ],
    name: "NodeOffences_KeyChanged",
    type: "error",
  },
  {
    inputs: [
      { name: "first", type: "bytes32" },
      { name: "second", type: "bytes32" },
    ],
    name: "NodeOffences_NoEquivocation",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "NodeOffences_NotSigned",
    type: "error",
  },
  {
    inputs: [
      { name: "owner", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "NodeRegistry_AlreadyOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "readyAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "NodeRegistry_ChangeNotReady",
    type: "error",
  },
  {
    inputs: [
      { name: "deadline", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "NodeRegistry_DeadlinePassed",
    type: "error",
  },
  { inputs: [], name: "NodeRegistry_DegenerateKey", type: "error" },
  { inputs: [], name: "NodeRegistry_EmptyRootKey", type: "error" },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeRegistry_InvalidKeySignature", type: "error" },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "NodeRegistry_InvalidRootSignature", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "NodeRegistry_KeyLength",
    type: "error",
  },
  { inputs: [{ name: "wallet", type: "address" }], name: "NodeRegistry_NoIdentity", type: "error" },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeRegistry_NodeExited", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeRegistry_NotCertificates", type: "error" },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "NodeRegistry_NotLocked", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "NodeRegistry_NotOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "identityId", type: "uint32" },
    ],
    name: "NodeRegistry_NotOwner",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeRegistry_NotStaking", type: "error" },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "NodeRegistry_QuantumLocked", type: "error" },
  { inputs: [{ name: "fromEpoch", type: "uint64" }], name: "NodeRegistry_RotationPending", type: "error" },
  { inputs: [{ name: "keyHash", type: "bytes32" }], name: "NodeRegistry_SameKey", type: "error" },
  { inputs: [{ name: "identityId", type: "uint32" }], name: "NodeRegistry_UnknownIdentity", type: "error" },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeRegistry_UnknownNode", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "NodeRewards_NotOperator",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "word", type: "uint64" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeRewards_NotSettled",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeRewards_NotStaking", type: "error" },
  {
    inputs: [
      { name: "closedUntil", type: "uint64" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeRewards_WordsNotClosed",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeSlashing_Jailed",
    type: "error",
  },
  {
    inputs: [
      { name: "slashId", type: "uint256" },
      { name: "payableAt", type: "uint64" },
    ],
    name: "NodeSlashing_NoPardon",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "absent", type: "uint256" },
      { name: "reported", type: "uint256" },
    ],
    name: "NodeSlashing_NotDown",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeSlashing_NotJailed", type: "error" },
  {
    inputs: [
      { name: "slashId", type: "uint256" },
      { name: "payableAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "NodeSlashing_NotPayable",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "window", type: "uint64" },
    ],
    name: "NodeSlashing_WindowJudged",
    type: "error",
  },
  {
    inputs: [
      { name: "window", type: "uint64" },
      { name: "fromEpoch", type: "uint64" },
      { name: "toEpoch", type: "uint64" },
    ],
    name: "NodeSlashing_WindowNotOpen",
    type: "error",
  },
  {
    inputs: [
      { name: "windowEpochs", type: "uint64" },
      { name: "untilFinal", type: "uint256" },
      { name: "unbondingPeriod", type: "uint256" },
    ],
    name: "NodeSlashing_WindowTooLong",
    type: "error",
  },
  {
    inputs: [
      { name: "amount", type: "uint256" },
      { name: "matured", type: "uint256" },
    ],
    name: "NodeStaking_AmountNotMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "until", type: "uint64" },
    ],
    name: "NodeStaking_GraceNotOver",
    type: "error",
  },
  {
    inputs: [
      { name: "requested", type: "uint256" },
      { name: "available", type: "uint256" },
    ],
    name: "NodeStaking_InsufficientStake",
    type: "error",
  },
  { inputs: [{ name: "nodeIndex", type: "uint32" }], name: "NodeStaking_NodeExited", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "stake", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeStaking_NotBelowMinimum",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotDelegation", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "nodeIndex", type: "uint32" },
    ],
    name: "NodeStaking_NotOperator",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotRegistry", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotSlashing", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "NodeStaking_NotVotes", type: "error" },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "nextMaturity", type: "uint64" },
    ],
    name: "NodeStaking_NothingMatured",
    type: "error",
  },
  {
    inputs: [
      { name: "remainder", type: "uint256" },
      { name: "minimum", type: "uint256" },
    ],
    name: "NodeStaking_RemainderBelowMinimum",
    type: "error",
  },
  {
    inputs: [
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "NodeStaking_TooManyUnbondings",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "unbondingId", type: "uint32" },
    ],
    name: "NodeStaking_UnknownUnbonding",
    type: "error",
  },
  {
    inputs: [
      { name: "recipient", type: "address" },
      { name: "beneficiary", type: "address" },
    ],
    name: "NodeStaking_WrongRecipient",
    type: "error",
  },
  { inputs: [], name: "NodeStaking_ZeroAmount", type: "error" },
  { inputs: [{ name: "owner", type: "address" }], name: "OwnableInvalidOwner", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "OwnableUnauthorizedAccount", type: "error" },
  { inputs: [{ name: "account", type: "address" }], name: "PQAccountFactory_AccountKnown", type: "error" },
  { inputs: [{ name: "deadline", type: "uint256" }], name: "PQAccount_Expired", type: "error" },
  { inputs: [{ name: "nonce", type: "uint256" }], name: "PQAccount_InvalidSignature", type: "error" },
  { inputs: [{ name: "signer", type: "bytes" }], name: "PQAccount_InvalidSigner", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "PQAccount_NotSelf", type: "error" },
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
  { inputs: [{ name: "delegatee", type: "address" }], name: "QuadraticVotes_DelegateNotCertified", type: "error" },
  {
    inputs: [
      { name: "requested", type: "uint256" },
      { name: "available", type: "uint256" },
    ],
    name: "QuadraticVotes_InsufficientLock",
    type: "error",
  },
  { inputs: [{ name: "account", type: "address" }], name: "QuadraticVotes_NotCertified", type: "error" },
  { inputs: [{ name: "caller", type: "address" }], name: "QuadraticVotes_NotStaking", type: "error" },
  { inputs: [{ name: "maturesAt", type: "uint48" }], name: "QuadraticVotes_NothingMatured", type: "error" },
  { inputs: [], name: "QuadraticVotes_ZeroAmount", type: "error" },
  { inputs: [], name: "ReentrancyGuardReentrantCall", type: "error" },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "releaseAt", type: "uint64" },
    ],
    name: "RelayerCommittee_AlreadyReleasing",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "vacatableAt", type: "uint64" },
    ],
    name: "RelayerCommittee_AlreadyResigned",
    type: "error",
  },
  { inputs: [], name: "RelayerCommittee_DegenerateKey", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "RelayerCommittee_EndpointLength",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "frozenUntil", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "RelayerCommittee_Frozen",
    type: "error",
  },
  {
    inputs: [
      { name: "relayer", type: "address" },
      { name: "frozenUntil", type: "uint64" },
    ],
    name: "RelayerCommittee_Jailed",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_KeyFixed", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "expected", type: "uint256" },
    ],
    name: "RelayerCommittee_KeyLength",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_Leaving", type: "error" },
  { inputs: [{ name: "slashId", type: "uint256" }], name: "RelayerCommittee_NoPardon", type: "error" },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_NoReleaseRequested", type: "error" },
  { inputs: [], name: "RelayerCommittee_NobodyToSeat", type: "error" },
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
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_NotQueued", type: "error" },
  {
    inputs: [
      { name: "releaseAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "RelayerCommittee_NotReleased",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_NotResigned", type: "error" },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_NotSeated", type: "error" },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "relayer", type: "address" },
    ],
    name: "RelayerCommittee_NotYours",
    type: "error",
  },
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
      { name: "count", type: "uint256" },
      { name: "max", type: "uint256" },
    ],
    name: "RelayerCommittee_QueueFull",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_Queued", type: "error" },
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
  {
    inputs: [
      { name: "slashId", type: "uint256" },
      { name: "payableAt", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "RelayerCommittee_SlashNotPayable",
    type: "error",
  },
  { inputs: [{ name: "relayer", type: "address" }], name: "RelayerCommittee_UnknownRelayer", type: "error" },
  { inputs: [{ name: "version", type: "uint32" }], name: "RelayerCommittee_UnknownVersion", type: "error" },
  { inputs: [], name: "RelayerCommittee_ZeroAmount", type: "error" },
  {
    inputs: [
      { name: "bits", type: "uint8" },
      { name: "value", type: "uint256" },
    ],
    name: "SafeCastOverflowedUintDowncast",
    type: "error",
  },
  { inputs: [{ name: "token", type: "address" }], name: "SafeERC20FailedOperation", type: "error" },
  { inputs: [{ name: "bridge", type: "address" }], name: "SelfAttestation_BridgeSilent", type: "error" },
  { inputs: [{ name: "position", type: "uint256" }], name: "SelfAttestation_BrokenChain", type: "error" },
  {
    inputs: [
      { name: "length", type: "uint256" },
      { name: "multipleOf", type: "uint256" },
    ],
    name: "SelfAttestation_InvalidLength",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "SelfAttestation_InvalidSignature",
    type: "error",
  },
  {
    inputs: [
      { name: "fromEpoch", type: "uint64" },
      { name: "toEpoch", type: "uint64" },
    ],
    name: "SelfAttestation_KeyChanged",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "ceiling", type: "uint256" },
    ],
    name: "SlashProposals_CeilingReached",
    type: "error",
  },
  {
    inputs: [
      { name: "epoch", type: "uint64" },
      { name: "fromEpoch", type: "uint64" },
      { name: "currentEpoch", type: "uint64" },
    ],
    name: "SlashProposals_EpochNotOpen",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "proposalId", type: "uint256" },
    ],
    name: "SlashProposals_NotProposer",
    type: "error",
  },
  {
    inputs: [
      { name: "nodeIndex", type: "uint32" },
      { name: "epoch", type: "uint64" },
    ],
    name: "SlashProposals_NothingAtStake",
    type: "error",
  },
  {
    inputs: [
      { name: "shareBp", type: "uint256" },
      { name: "maxBp", type: "uint256" },
    ],
    name: "SlashProposals_ShareOutOfBounds",
    type: "error",
  },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "from", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "SlashProposals_TooEarly",
    type: "error",
  },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "until", type: "uint64" },
      { name: "nowSeconds", type: "uint64" },
    ],
    name: "SlashProposals_TooLate",
    type: "error",
  },
  {
    inputs: [
      { name: "proposalId", type: "uint256" },
      { name: "status", type: "uint8" },
    ],
    name: "SlashProposals_WrongStatus",
    type: "error",
  },
  { inputs: [{ name: "str", type: "string" }], name: "StringTooLong", type: "error" },
  {
    inputs: [
      { name: "value", type: "uint256" },
      { name: "length", type: "uint256" },
    ],
    name: "StringsInsufficientHexLength",
    type: "error",
  },
  {
    inputs: [
      { name: "caller", type: "address" },
      { name: "minter", type: "address" },
    ],
    name: "TestStablecoin_NotMinter",
    type: "error",
  },
  { inputs: [{ name: "chainId", type: "uint256" }], name: "TestStablecoin_WrongChain", type: "error" },
  {
    inputs: [
      { name: "delay", type: "uint256" },
      { name: "minDelay", type: "uint256" },
    ],
    name: "TimelockInsufficientDelay",
    type: "error",
  },
  {
    inputs: [
      { name: "targets", type: "uint256" },
      { name: "payloads", type: "uint256" },
      { name: "values", type: "uint256" },
    ],
    name: "TimelockInvalidOperationLength",
    type: "error",
  },
  { inputs: [{ name: "caller", type: "address" }], name: "TimelockUnauthorizedCaller", type: "error" },
  { inputs: [{ name: "predecessorId", type: "bytes32" }], name: "TimelockUnexecutedPredecessor", type: "error" },
  {
    inputs: [
      { name: "operationId", type: "bytes32" },
      { name: "expectedStates", type: "bytes32" },
    ],
    name: "TimelockUnexpectedOperationState",
    type: "error",
  },
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
  { inputs: [], name: "VestingVault_CannotRenounce", type: "error" },
  { inputs: [{ name: "expiry", type: "uint256" }], name: "VotesExpiredSignature", type: "error" },
] as const;
