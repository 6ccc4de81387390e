import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Abi, AbiEvent, AbiParameter } from "viem";
import { parse } from "yaml";
import { admittedIdentitiesAbi } from "../../../contracts/generated/admitted-identities-abi.ts";
import { attestationBridgeAbi } from "../../../contracts/generated/attestation-bridge-abi.ts";
import { attestationDisputesAbi } from "../../../contracts/generated/attestation-disputes-abi.ts";
import { caesarEmissionsAbi } from "../../../contracts/generated/caesar-emissions-abi.ts";
import { certificateRegistryAbi } from "../../../contracts/generated/certificate-registry-abi.ts";
import { committeeFeesAbi } from "../../../contracts/generated/committee-fees-abi.ts";
import { leaseDisputesAbi } from "../../../contracts/generated/lease-disputes-abi.ts";
import { leaseEscrowAbi } from "../../../contracts/generated/lease-escrow-abi.ts";
import { memberOffencesAbi } from "../../../contracts/generated/member-offences-abi.ts";
import { meshGovernorAbi } from "../../../contracts/generated/mesh-governor-abi.ts";
import { meshTimelockAbi } from "../../../contracts/generated/mesh-timelock-abi.ts";
import { networkParametersAbi } from "../../../contracts/generated/network-parameters-abi.ts";
import { nodeDelegationAbi } from "../../../contracts/generated/node-delegation-abi.ts";
import { nodeListingsAbi } from "../../../contracts/generated/node-listings-abi.ts";
import { nodeOffencesAbi } from "../../../contracts/generated/node-offences-abi.ts";
import { nodeRegistryAbi } from "../../../contracts/generated/node-registry-abi.ts";
import { nodeRewardsAbi } from "../../../contracts/generated/node-rewards-abi.ts";
import { nodeSlashingAbi } from "../../../contracts/generated/node-slashing-abi.ts";
import { nodeStakingAbi } from "../../../contracts/generated/node-staking-abi.ts";
import { quadraticRoundAbi } from "../../../contracts/generated/quadratic-round-abi.ts";
import { quadraticVotesAbi } from "../../../contracts/generated/quadratic-votes-abi.ts";
import { relayerCommitteeAbi } from "../../../contracts/generated/relayer-committee-abi.ts";
import { selfAttestationAbi } from "../../../contracts/generated/self-attestation-abi.ts";
import { slashProposalsAbi } from "../../../contracts/generated/slash-proposals-abi.ts";
import { vestingVaultAbi } from "../../../contracts/generated/vesting-vault-abi.ts";

const SUBGRAPH = path.resolve(import.meta.dirname, "../../../indexer/subgraph");

/**
 * Of bases whose use for them the contracts do not have: an EIP-712 domain that changes, votes with parameters, which the
 * governor refuses, and roles of the timelock with an administrator of their own.
 */
const NEVER_EMITTED = ["EIP712DomainChanged", "VoteCastWithParams", "RoleAdminChanged"];

const CONTRACTS: Record<string, Abi> = {
  AdmittedIdentities: admittedIdentitiesAbi,
  AttestationBridge: attestationBridgeAbi,
  AttestationDisputes: attestationDisputesAbi,
  CaesarEmissions: caesarEmissionsAbi,
  CertificateRegistry: certificateRegistryAbi,
  CommitteeFees: committeeFeesAbi,
  InvestorVesting: vestingVaultAbi,
  LeaseDisputes: leaseDisputesAbi,
  LeaseEscrow: leaseEscrowAbi,
  MemberOffences: memberOffencesAbi,
  MeshGovernor: meshGovernorAbi,
  MeshTimelock: meshTimelockAbi,
  NetworkParameters: networkParametersAbi,
  NodeDelegation: nodeDelegationAbi,
  NodeListings: nodeListingsAbi,
  NodeOffences: nodeOffencesAbi,
  NodeRegistry: nodeRegistryAbi,
  NodeRewards: nodeRewardsAbi,
  NodeSlashing: nodeSlashingAbi,
  NodeStaking: nodeStakingAbi,
  QuadraticRound: quadraticRoundAbi,
  QuadraticVotes: quadraticVotesAbi,
  RelayerCommittee: relayerCommitteeAbi,
  SelfAttestation: selfAttestationAbi,
  SlashProposals: slashProposalsAbi,
  TeamVesting: vestingVaultAbi,
};

interface DataSource {
  name: string;
  mapping: { file: string; entities: string[]; eventHandlers: { event: string; handler: string }[] };
}

const { dataSources } = parse(readFileSync(path.join(SUBGRAPH, "subgraph.yaml"), "utf8")) as {
  dataSources: DataSource[];
};

/** An event as a manifest writes it. */
function declarationOf({ name, inputs }: AbiEvent): string {
  const parameters = inputs.map((input) => `${input.indexed === true ? "indexed " : ""}${typeOf(input)}`);
  return `${name}(${parameters.join(",")})`;
}

function typeOf(parameter: AbiParameter): string {
  if (!parameter.type.startsWith("tuple")) return parameter.type;
  const { components } = parameter as AbiParameter & { components: AbiParameter[] };
  return `(${components.map(typeOf).join(",")})${parameter.type.slice("tuple".length)}`;
}

function handlersOf({ mapping }: DataSource): string[] {
  return mapping.eventHandlers.map(({ handler }) => handler);
}

describe("the subgraph's manifest", () => {
  it("reads every contract that it is tested against, and no other", () => {
    expect(dataSources.map(({ name }) => name).sort()).to.deep.equal(Object.keys(CONTRACTS));
  });

  it("calls every handler there is, all in one module", () => {
    expect([...new Set(dataSources.map(({ mapping }) => mapping.file))]).to.deep.equal(["./src/mapping.ts"]);
    const mapping = readFileSync(path.join(SUBGRAPH, "src/mapping.ts"), "utf8");
    const sources = [...mapping.matchAll(/^export \* from "\.\/([\w-]+)";$/gm)].map(([, name]) => name!);
    const exported = sources.flatMap((name) => {
      const source = readFileSync(path.join(SUBGRAPH, `src/${name}.ts`), "utf8");
      return [...source.matchAll(/^export function (handle\w+)\(/gm)].map(([, handler]) => handler!);
    });
    expect([...new Set(dataSources.flatMap(handlersOf))].sort()).to.deep.equal(exported.sort());
  });

  for (const { name, mapping } of dataSources) {
    it(`handles every event of ${name}`, () => {
      const events = (CONTRACTS[name] ?? []).filter((item) => item.type === "event");
      const expected = events.filter((event) => !NEVER_EMITTED.includes(event.name)).map(declarationOf);
      expect(mapping.eventHandlers.map(({ event }) => event).sort()).to.deep.equal(expected.sort());
    });

    it(`has a handler of its own for each event of ${name}`, () => {
      const handlers = mapping.eventHandlers.map(({ handler }) => handler);
      expect(new Set(handlers).size, "different handlers").to.equal(handlers.length);
      const ofOthers = dataSources.filter((other) => CONTRACTS[other.name] !== CONTRACTS[name]).flatMap(handlersOf);
      expect(handlers.filter((handler) => ofOthers.includes(handler))).to.deep.equal([]);
    });
  }
});
