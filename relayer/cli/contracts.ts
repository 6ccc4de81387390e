import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { pqAccountAbi } from "@pqmesh/contracts/generated/pq-account-abi";
import { pqAccountFactoryAbi } from "@pqmesh/contracts/generated/pq-account-factory-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address } from "viem";
import { type Session, withErrors } from "./chain-session.ts";
import { usageError } from "./output.ts";

/** ABIs of the contracts of the stake economy and the Node Marketplace, with every custom error of the system. */
export const ABIS = {
  AdmittedIdentities: withErrors(admittedIdentitiesAbi),
  AttestationBridge: withErrors(attestationBridgeAbi),
  CaesarEmissions: withErrors(caesarEmissionsAbi),
  CertificateRegistry: withErrors(certificateRegistryAbi),
  CommitteeFees: withErrors(committeeFeesAbi),
  InvestorVesting: withErrors(vestingVaultAbi),
  LeaseDisputes: withErrors(leaseDisputesAbi),
  LeaseEscrow: withErrors(leaseEscrowAbi),
  LeaseVouchers: withErrors(leaseVouchersAbi),
  MeshGovernor: withErrors(meshGovernorAbi),
  MeshToken: withErrors(meshTokenAbi),
  NetworkParameters: withErrors(networkParametersAbi),
  NodeDelegation: withErrors(nodeDelegationAbi),
  NodeListings: withErrors(nodeListingsAbi),
  NodeRegistry: withErrors(nodeRegistryAbi),
  NodeRewards: withErrors(nodeRewardsAbi),
  NodeSlashing: withErrors(nodeSlashingAbi),
  NodeStaking: withErrors(nodeStakingAbi),
  /** Of accounts that people have; network.json names none. */
  PQAccount: withErrors(pqAccountAbi),
  PQAccountFactory: withErrors(pqAccountFactoryAbi),
  QuadraticRound: withErrors(quadraticRoundAbi),
  QuadraticVotes: withErrors(quadraticVotesAbi),
  RelayerCommittee: withErrors(relayerCommitteeAbi),
  SlashProposals: withErrors(slashProposalsAbi),
  TeamVesting: withErrors(vestingVaultAbi),
  MeshTimelock: withErrors(meshTimelockAbi),
} as const;

/** Address and ABI of a contract of the deployment, for viem. */
export function contractOf<N extends Exclude<keyof typeof ABIS, "PQAccount">>(
  { network }: Pick<Session, "network">,
  name: N,
): { address: Address; abi: (typeof ABIS)[N] } {
  return { address: addressOf(network, name), abi: ABIS[name] };
}

/** Address of a contract of the deployment. @throws CliError when network.json does not name it. */
export function addressOf({ contracts }: NetworkConfig, name: keyof NetworkConfig["contracts"]): Address {
  const address = contracts[name];
  if (address) return address;
  throw usageError(`network.json names no ${name}: this deployment has none`);
}
