import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";
import { privilegeRows } from "@pqmesh/contracts/protocol/privileges";

/**
 * Every contract of a network, in the order of docs/ARCHITECTURE.md. After it the timelock is the only admin: the
 * deployer has used up its one-time bindings, wrote the table of critical functions, and was never given a role. The
 * timelock's first operation names the arbiters (`arbiterBindings`).
 */
export const pqmeshModule = buildModule("PQMesh", (m) => {
  const delays = ["timelockDelay", "replacementDelay"].map((name) => m.getParameter<number>(name));
  const roles = ["interimProposer", "approver", "executor"].map((name) => m.getParameter<string>(name));
  const timelock = m.contract("MeshTimelock", [...delays, ...roles]);

  const table = [m.getParameter("rows"), m.getParameter("orderings")];
  const parameters = m.contract("NetworkParameters", [timelock, ...table]);

  const curve = ["start", "emissionYears", "emissionDecayBp"].map((name) => m.getParameter<number>(name));
  const emissions = m.contract("CaesarEmissions", [timelock, parameters, ...curve]);
  const { team, investors } = vestingVaults(m);
  const token = m.contract("MeshToken", [emissions, team, investors, timelock]);
  m.call(emissions, "bindToken", [token]);

  const genesis = m.getParameter<number>("epochGenesis");
  const length = m.getParameter<number>("epochLength");
  const core = m.contract("MLDSA65Core");
  const expander = m.contract("MLDSA65Expander");
  const keyVerifier = m.contract("MLDSA65Verifier", [core, expander]);
  const expandedKeys = m.contract("MLDSA65KeyRegistry", [core, expander]);
  const verifiers = m.contract("MLDSA65Switch", [keyVerifier, expandedKeys, parameters, timelock, genesis, length]);
  const rootVerifier = m.contract("SLHDSASHA2128sVerifier");
  const certificates = certificateRegistry(m, { rootVerifier, timelock });
  const keys = [rootVerifier, verifiers, certificates.CertificateRegistry] as const;
  const registry = m.contract("NodeRegistry", [parameters, ...keys, genesis, length]);
  m.call(certificates.CertificateRegistry, "bindRegistry", [registry]);
  const committee = m.contract("RelayerCommittee", [token, parameters, timelock, genesis, length]);
  const settings = { registry, committee, parameters, timelock, epochGenesis: genesis, epochLength: length };
  const bridge = m.contract("AttestationBridge", [{ ...settings, ...windowsOf(m) }]);

  const rewards = m.contract("NodeRewards", [
    { token, emissions, bridge, registry, parameters, epochGenesis: genesis, epochLength: length },
  ]);
  const links = { token, registry, parameters, rewards };
  const slashing = m.contract("NodeSlashing", [
    { ...links, bridge, timelock },
    m.getParameter<number>("downtimeWindow"),
  ]);
  const delegation = m.contract("NodeDelegation", [token, registry, parameters, rewards, slashing]);
  const identities = m.contract("AdmittedIdentities", [registry, timelock]);
  const votes = m.contract("QuadraticVotes", [token, parameters, identities, timelock]);
  const staking = m.contract("NodeStaking", [{ ...links, delegation, slashing, votes }]);
  const holders = { emissions, staking, delegation, teamVesting: team, investorVesting: investors };
  const governing = [
    { votes, mesh: token, parameters, ...holders },
    timelock,
    m.getParameter<string>("interimProposer"),
  ];
  const proposals = m.contract("SlashProposals", [token, parameters, slashing, genesis, length]);
  for (const bound of [registry, slashing, delegation, votes]) m.call(bound, "bindStaking", [staking]);
  m.call(rewards, "bindStaking", [staking, delegation]);

  const disputes = m.contract("AttestationDisputes", [bridge, registry, committee, parameters, verifiers]);
  const offences = m.contract("MemberOffences", [bridge, disputes, committee, parameters, verifiers]);
  const fees = m.contract("CommitteeFees", [token, bridge, committee, disputes, parameters]);
  const nodeOffences = m.contract("NodeOffences", [bridge, registry, verifiers, slashing, parameters]);
  const selfAttestation = m.contract("SelfAttestation", [bridge, registry, verifiers]);

  const contracts = {
    MeshTimelock: timelock,
    CaesarEmissions: emissions,
    TeamVesting: team,
    InvestorVesting: investors,
    MeshToken: token,
    NetworkParameters: parameters,
    NodeRegistry: registry,
    NodeDelegation: delegation,
    NodeRewards: rewards,
    NodeSlashing: slashing,
    NodeStaking: staking,
    SlashProposals: proposals,
    ...certificates,
    AdmittedIdentities: identities,
    QuadraticVotes: votes,
    QuadraticRound: m.contract("QuadraticRound", [votes, parameters, timelock]),
    MeshGovernor: m.contract("MeshGovernor", governing),
    RelayerCommittee: committee,
    AttestationBridge: bridge,
    MLDSA65Verifier: keyVerifier,
    MLDSA65KeyRegistry: expandedKeys,
    MLDSA65Switch: verifiers,
    PQAccountFactory: m.contract("PQAccountFactory", [expandedKeys]),
    AttestationDisputes: disputes,
    MemberOffences: offences,
    CommitteeFees: fees,
    NodeOffences: nodeOffences,
    SelfAttestation: selfAttestation,
    ...marketplace(m, { bridge, registry, parameters, timelock }),
  };
  m.call(timelock, "setPrivileges", [tableOf(contracts)]);
  return contracts;
});

/** The timelock's table, with contracts that are still to be deployed. */
function tableOf(contracts: Readonly<Record<string, NamedArtifactContractDeploymentFuture<string>>>) {
  return privilegeRows(contracts).map((row) => ({ ...row }));
}

/** The vaults of team and investors. */
function vestingVaults(m: IgnitionModuleBuilder) {
  const start = m.getParameter<number>("start");
  const vaultOf = (who: "team" | "investor", id: string) => {
    const terms = [m.getParameter<number>(`${who}Cliff`), m.getParameter<number>(`${who}Duration`)];
    return m.contract("VestingVault", [m.getParameter<string>(`${who}Beneficiary`), start, ...terms], { id });
  };
  return { team: vaultOf("team", "TeamVesting"), investors: vaultOf("investor", "InvestorVesting") };
}

/** The contracts of the Node Marketplace, named to each other. */
function marketplace(
  m: IgnitionModuleBuilder,
  to: Record<"bridge" | "registry" | "parameters" | "timelock", NamedArtifactContractDeploymentFuture<string>>,
) {
  const listings = m.contract("NodeListings", [to.registry, to.bridge, to.parameters]);
  const leases = [to.bridge, to.registry, to.parameters, listings] as const;
  const agreements = m.contract("LeaseAgreements", [...leases, to.timelock]);
  const escrow = m.contract("LeaseEscrow", [...leases, agreements, to.timelock]);
  const disputes = m.contract("LeaseDisputes", [escrow, to.registry, to.parameters, to.timelock]);
  const vouchers = m.contract("LeaseVouchers", [escrow]);
  m.call(listings, "bindEscrow", [escrow]);
  m.call(escrow, "bind", [disputes, vouchers]);
  return {
    ...{ NodeListings: listings, LeaseAgreements: agreements, LeaseEscrow: escrow },
    ...{ LeaseDisputes: disputes, LeaseVouchers: vouchers },
  };
}

/** The certificate registry and the code that it runs. */
function certificateRegistry(
  m: IgnitionModuleBuilder,
  to: Record<"rootVerifier" | "timelock", NamedArtifactContractDeploymentFuture<string>>,
) {
  const authorities = m.contract("CertificateAuthorities", [to.rootVerifier, to.timelock]);
  const certificates = m.contract("CertificateRegistry", [authorities, to.timelock]);
  return { CertificateAuthorities: authorities, CertificateRegistry: certificates };
}

/** Windows of the bridge, as the deployment is told. */
function windowsOf(m: IgnitionModuleBuilder) {
  return {
    reportWindow: m.getParameter<number>("reportWindow"),
    commitWindow: m.getParameter<number>("commitWindow"),
    challengeWindow: m.getParameter<number>("challengeWindow"),
    responseWindow: m.getParameter<number>("responseWindow"),
  };
}

/** A network and the stablecoin that its devnet pays rent in. */
export const devnetModule = buildModule("PQMeshDevnet", (m) => {
  const contracts = m.useModule(pqmeshModule);
  return { ...contracts, TestStablecoin: m.contract("TestStablecoin", [m.getParameter<string>("stablecoinMinter")]) };
});
