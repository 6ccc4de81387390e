import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, encodeFunctionData, type Hex } from "viem";

/**
 * The timelock's one-time calls that name the arbiters: who may correct what reports say, who may punish
 * members, who may slash nodes, and who distributes emissions.
 * Until they are executed nothing can be proven; after it nobody can name others.
 */
export function arbiterBindings(contracts: NetworkConfig["contracts"]): { to: Address; data: Hex }[] {
  const { AttestationBridge, RelayerCommittee, NodeSlashing, CaesarEmissions, NodeRewards } = contracts;
  const { AttestationDisputes, MemberOffences, NodeOffences, SelfAttestation, SlashProposals, CommitteeFees } =
    contracts;
  const functionName = "bindArbiters";
  const ofBridge = [[AttestationDisputes, NodeOffences, SelfAttestation]] as const;
  const ofCommittee = [[AttestationDisputes, MemberOffences, CommitteeFees]] as const;
  const ofSlashing = [[NodeOffences, SlashProposals]] as const;
  return [
    {
      to: AttestationBridge,
      data: encodeFunctionData({ abi: attestationBridgeAbi, functionName, args: ofBridge }),
    },
    {
      to: RelayerCommittee,
      data: encodeFunctionData({ abi: relayerCommitteeAbi, functionName, args: ofCommittee }),
    },
    {
      to: NodeSlashing,
      data: encodeFunctionData({ abi: nodeSlashingAbi, functionName, args: ofSlashing }),
    },
    {
      to: CaesarEmissions,
      data: encodeFunctionData({ abi: caesarEmissionsAbi, functionName: "setDistributor", args: [NodeRewards] }),
    },
  ];
}
