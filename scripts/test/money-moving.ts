/** Contracts that hold, take or pay tokens or bonds, those that decide about them or who votes, and what they are made of. */
export const MONEY_MOVING = [
  ...["AttestationDisputes", "CaesarEmissions", "CommitteeFees", "MeshToken", "NodeDelegation", "NodeRewards"],
  ...["NodeSlashing", "NodeStaking", "RelayerCommittee", "RewardWords", "SlashProposals", "VestingVault"],
  ...["libraries/SharePools", "AcceptedReports", "Arbitrated", "Governed", "LeafRules", "MemberOffences"],
  ...["NodeOffences", "LeaseAgreements", "LeaseDisputes", "LeaseEscrow", "LeaseSettlement", "LeaseVouchers"],
  ...["NodeListings", "TokenBalances", "libraries/MissedEpochs", "libraries/AgedBalances", "QuadraticVotes"],
  ...["AdmittedIdentities", "MeshGovernor", "ProposalSettings", "MeshTimelock", "QuadraticRound", "PQAccount"],
  ...["EntryPause", "PQAccountFactory", "libraries/PackedCounts", "CertificateAuthorities", "CertificateLog"],
  ...["CertificateRegistry", "CertificateState", "libraries/CertificateEvents", "libraries/CertificateWords"],
  ...["libraries/Issuances", "libraries/LogEntries", "libraries/MerkleLog", "libraries/NodeBars"],
  ...["libraries/NodeWords"],
].map((name) => `contracts/${name}.sol`);
