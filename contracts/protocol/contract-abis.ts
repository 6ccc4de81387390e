import { admittedIdentitiesAbi } from "../generated/admitted-identities-abi.ts";
import { attestationBridgeAbi } from "../generated/attestation-bridge-abi.ts";
import { attestationDisputesAbi } from "../generated/attestation-disputes-abi.ts";
import { caesarEmissionsAbi } from "../generated/caesar-emissions-abi.ts";
import { committeeFeesAbi } from "../generated/committee-fees-abi.ts";
import { certificateAuthoritiesAbi } from "../generated/certificate-authorities-abi.ts";
import { certificateRegistryAbi } from "../generated/certificate-registry-abi.ts";
import { leaseAgreementsAbi } from "../generated/lease-agreements-abi.ts";
import { leaseDisputesAbi } from "../generated/lease-disputes-abi.ts";
import { leaseEscrowAbi } from "../generated/lease-escrow-abi.ts";
import { leaseVouchersAbi } from "../generated/lease-vouchers-abi.ts";
import { memberOffencesAbi } from "../generated/member-offences-abi.ts";
import { meshGovernorAbi } from "../generated/mesh-governor-abi.ts";
import { meshTokenAbi } from "../generated/mesh-token-abi.ts";
import { mldsa65KeyRegistryAbi } from "../generated/mldsa65-key-registry-abi.ts";
import { mldsa65SwitchAbi } from "../generated/mldsa65-switch-abi.ts";
import { mldsa65VerifierAbi } from "../generated/mldsa65-verifier-abi.ts";
import { networkParametersAbi } from "../generated/network-parameters-abi.ts";
import { nodeDelegationAbi } from "../generated/node-delegation-abi.ts";
import { nodeListingsAbi } from "../generated/node-listings-abi.ts";
import { nodeOffencesAbi } from "../generated/node-offences-abi.ts";
import { nodeRegistryAbi } from "../generated/node-registry-abi.ts";
import { nodeRewardsAbi } from "../generated/node-rewards-abi.ts";
import { nodeSlashingAbi } from "../generated/node-slashing-abi.ts";
import { nodeStakingAbi } from "../generated/node-staking-abi.ts";
import { pqAccountFactoryAbi } from "../generated/pq-account-factory-abi.ts";
import { quadraticRoundAbi } from "../generated/quadratic-round-abi.ts";
import { quadraticVotesAbi } from "../generated/quadratic-votes-abi.ts";
import { relayerCommitteeAbi } from "../generated/relayer-committee-abi.ts";
import { selfAttestationAbi } from "../generated/self-attestation-abi.ts";
import { slashProposalsAbi } from "../generated/slash-proposals-abi.ts";
import { testStablecoinAbi } from "../generated/test-stablecoin-abi.ts";
import { meshTimelockAbi } from "../generated/mesh-timelock-abi.ts";
import { vestingVaultAbi } from "../generated/vesting-vault-abi.ts";

/** ABI of every contract that network.json names. */
export const CONTRACT_ABIS = {
  MeshTimelock: meshTimelockAbi,
  MeshToken: meshTokenAbi,
  CaesarEmissions: caesarEmissionsAbi,
  TeamVesting: vestingVaultAbi,
  InvestorVesting: vestingVaultAbi,
  NetworkParameters: networkParametersAbi,
  NodeRegistry: nodeRegistryAbi,
  NodeStaking: nodeStakingAbi,
  NodeDelegation: nodeDelegationAbi,
  NodeRewards: nodeRewardsAbi,
  NodeSlashing: nodeSlashingAbi,
  SlashProposals: slashProposalsAbi,
  CertificateAuthorities: certificateAuthoritiesAbi,
  CertificateRegistry: certificateRegistryAbi,
  AdmittedIdentities: admittedIdentitiesAbi,
  QuadraticRound: quadraticRoundAbi,
  QuadraticVotes: quadraticVotesAbi,
  RelayerCommittee: relayerCommitteeAbi,
  AttestationBridge: attestationBridgeAbi,
  MLDSA65Verifier: mldsa65VerifierAbi,
  MLDSA65KeyRegistry: mldsa65KeyRegistryAbi,
  MLDSA65Switch: mldsa65SwitchAbi,
  PQAccountFactory: pqAccountFactoryAbi,
  AttestationDisputes: attestationDisputesAbi,
  MemberOffences: memberOffencesAbi,
  CommitteeFees: committeeFeesAbi,
  NodeOffences: nodeOffencesAbi,
  SelfAttestation: selfAttestationAbi,
  NodeListings: nodeListingsAbi,
  LeaseAgreements: leaseAgreementsAbi,
  LeaseEscrow: leaseEscrowAbi,
  LeaseDisputes: leaseDisputesAbi,
  LeaseVouchers: leaseVouchersAbi,
  MeshGovernor: meshGovernorAbi,
  TestStablecoin: testStablecoinAbi,
} as const;

/** A contract of network.json, the stablecoin of a devnet among them. */
export type NamedContract = keyof typeof CONTRACT_ABIS;
