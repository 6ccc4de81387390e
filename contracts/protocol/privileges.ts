import { type Abi, type Address, getAbiItem, type Hex, toFunctionSelector } from "viem";
import { CONTRACT_ABIS, type NamedContract } from "./contract-abis.ts";

/** What a privileged function does, in the order of `IMeshTimelock.OperationKind`. */
export const OPERATION_KINDS = ["Unlisted", "AuthorizationOp", "ExecutionOp", "RollbackOp", "GovernanceOp"] as const;

type OperationKind = Exclude<(typeof OPERATION_KINDS)[number], "Unlisted">;

/** What a privileged function is, and whether an approver is needed. */
interface Privilege {
  kind: OperationKind;
  isCritical: boolean;
}

const critical = (kind: OperationKind): Privilege => ({ kind, isCritical: true });
const plain = (kind: OperationKind): Privilege => ({ kind, isCritical: false });

/**
 * Every function that the DAO alone, or the DAO among others, can call, and what moves the treasury's MESH. Critical is what gives somebody lasting power, moves
 * the treasury, or cannot be undone by another operation; what undoes never is, so that it is quick.
 */
export const PRIVILEGES: { readonly [C in NamedContract]?: Readonly<Record<string, Privilege>> } = {
  AdmittedIdentities: {
    admit: critical("AuthorizationOp"),
    admitMany: critical("AuthorizationOp"),
    release: plain("RollbackOp"),
    revoke: plain("AuthorizationOp"),
    suspend: plain("AuthorizationOp"),
  },
  AttestationBridge: {
    approveMeasurement: plain("AuthorizationOp"),
    bindArbiters: critical("AuthorizationOp"),
    retireMeasurement: plain("AuthorizationOp"),
  },
  CaesarEmissions: { setDistributor: critical("AuthorizationOp") },
  CertificateRegistry: {
    admitRoot: critical("AuthorizationOp"),
    hold: plain("AuthorizationOp"),
    holdAuthority: plain("AuthorizationOp"),
    release: plain("RollbackOp"),
    releaseAuthority: plain("RollbackOp"),
    revoke: plain("AuthorizationOp"),
    revokeAuthority: critical("AuthorizationOp"),
    revokeMany: plain("AuthorizationOp"),
    setAuthorityAccount: critical("AuthorizationOp"),
    taintAuthority: critical("AuthorizationOp"),
  },
  LeaseDisputes: { rule: plain("ExecutionOp"), setArbitrator: critical("AuthorizationOp") },
  LeaseEscrow: { setTokenRule: plain("AuthorizationOp") },
  MeshGovernor: {
    relay: critical("ExecutionOp"),
    setProposalGuardian: critical("AuthorizationOp"),
    updateTimelock: critical("AuthorizationOp"),
  },
  MeshTimelock: {
    grantRole: critical("AuthorizationOp"),
    revokeRole: critical("AuthorizationOp"),
    setPrivileges: critical("AuthorizationOp"),
    updateDelay: critical("GovernanceOp"),
  },
  MeshToken: { approve: critical("ExecutionOp"), transfer: critical("ExecutionOp") },
  MLDSA65Switch: { cancelSwitch: plain("RollbackOp"), scheduleSwitch: critical("GovernanceOp") },
  NetworkParameters: {
    pauseEntry: plain("ExecutionOp"),
    resumeEntry: plain("RollbackOp"),
    set: plain("GovernanceOp"),
    setEmergencyGuardian: critical("AuthorizationOp"),
    setMany: plain("GovernanceOp"),
  },
  NodeSlashing: {
    bindArbiters: critical("AuthorizationOp"),
    pardon: plain("RollbackOp"),
    unjail: plain("RollbackOp"),
  },
  QuadraticRound: { openRound: plain("GovernanceOp"), openSeason: plain("GovernanceOp") },
  QuadraticVotes: { setGate: critical("AuthorizationOp") },
  RelayerCommittee: {
    admit: plain("AuthorizationOp"),
    bindArbiters: critical("AuthorizationOp"),
    dismiss: plain("RollbackOp"),
    pardon: plain("RollbackOp"),
    setCommittee: critical("AuthorizationOp"),
  },
  SlashProposals: { uphold: plain("ExecutionOp"), veto: plain("RollbackOp") },
};

/** A row of the timelock's table, as `MeshTimelock.setPrivileges` takes it. */
export interface PrivilegeRow<Target = Address> {
  target: Target;
  selector: Hex;
  kind: number;
  isCritical: boolean;
}

/**
 * The rows of the table for the contracts of a deployment, by address or by what stands for it until it is deployed.
 *
 * @throws Error when a contract has no function of a name that is listed.
 */
export function privilegeRows<Target>(contracts: Readonly<Record<string, Target>>): PrivilegeRow<Target>[] {
  return Object.entries(PRIVILEGES).flatMap(([name, functions]) => {
    const target = contracts[name];
    if (target === undefined) return [];
    return Object.entries(functions).map(([function_, { kind, isCritical }]) => ({
      target,
      selector: selectorOf(name as NamedContract, function_),
      kind: OPERATION_KINDS.indexOf(kind),
      isCritical,
    }));
  });
}

function selectorOf(contract: NamedContract, name: string): Hex {
  const abi: Abi = CONTRACT_ABIS[contract];
  const item = getAbiItem({ abi, name });
  if (item?.type !== "function") throw new Error(`${contract} has no function ${name}`);
  return toFunctionSelector(item);
}
