import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getAddress, toFunctionSelector } from "viem";
import { CONTRACT_ABIS } from "../../contracts/protocol/contract-abis.ts";
import { OPERATION_KINDS, PRIVILEGES, privilegeRows } from "../../contracts/protocol/privileges.ts";
import { privilegedFunctions } from "../helpers/privileged-functions.ts";

/** Sources of contracts whose functions are in more than one; what approvers call, the DAO cannot. */
const SOURCES: Record<string, string[]> = {
  CertificateRegistry: ["CertificateRegistry", "CertificateAuthorities"],
  CertificateAuthorities: [],
  LeaseEscrow: ["LeaseEscrow", "LeaseAgreements"],
  LeaseAgreements: [],
  MeshTimelock: [],
};

/** Privileged functions of OpenZeppelin's, whose sources are not of this project, and what moves the treasury's MESH. */
const INHERITED: Record<string, string[]> = {
  MeshGovernor: ["setProposalGuardian", "updateTimelock"],
  MeshTimelock: ["grantRole", "revokeRole", "setPrivileges", "updateDelay"],
  MeshToken: ["approve", "transfer"],
};

function sourceOf(name: string): string {
  return readFileSync(join(import.meta.dirname, `../../contracts/interfaces/I${name}.sol`), "utf8");
}

/** What an approver must agree to: lasting power, the treasury, and what no other operation undoes. */
const CRITICAL = [
  ...["AdmittedIdentities.admit", "AdmittedIdentities.admitMany", "AttestationBridge.bindArbiters"],
  ...["CertificateRegistry.admitRoot", "CertificateRegistry.revokeAuthority"],
  ...["CertificateRegistry.setAuthorityAccount", "CertificateRegistry.taintAuthority"],
  ...["CaesarEmissions.setDistributor", "LeaseDisputes.setArbitrator", "MLDSA65Switch.scheduleSwitch"],
  ...["MeshGovernor.relay", "MeshGovernor.setProposalGuardian", "MeshGovernor.updateTimelock"],
  ...["MeshTimelock.grantRole", "MeshTimelock.revokeRole", "MeshTimelock.setPrivileges", "MeshTimelock.updateDelay"],
  ...["MeshToken.approve", "MeshToken.transfer", "NetworkParameters.setEmergencyGuardian"],
  ...["NodeSlashing.bindArbiters", "QuadraticVotes.setGate", "RelayerCommittee.bindArbiters"],
  "RelayerCommittee.setCommittee",
];

const NAMES = Object.keys(CONTRACT_ABIS) as (keyof typeof CONTRACT_ABIS)[];

describe("the table of privileges", () => {
  for (const name of NAMES) {
    it(`lists every privileged function of ${name}, and no other`, () => {
      const needed = new Set([...(SOURCES[name] ?? [name]).flatMap(privilegedFunctions), ...(INHERITED[name] ?? [])]);
      const listed = Object.keys(PRIVILEGES[name] ?? {});
      expect(listed.sort()).to.deep.equal([...needed].sort());
    });
  }

  it("names the kinds as the contract does", () => {
    const kinds = /enum OperationKind \{([^}]*)\}/.exec(sourceOf("MeshTimelock"))?.[1];
    expect(kinds?.split(",").map((kind) => kind.trim())).to.deep.equal([...OPERATION_KINDS]);
  });

  it("makes lasting power and the treasury critical, and nothing else", () => {
    const critical = Object.entries(PRIVILEGES).flatMap(([contract, functions]) =>
      Object.entries(functions).flatMap(([name, { isCritical }]) => (isCritical ? [`${contract}.${name}`] : [])),
    );
    expect(critical.sort()).to.deep.equal([...CRITICAL].sort());
  });

  it("never makes what undoes critical", () => {
    const rows = Object.values(PRIVILEGES).flatMap((functions) => Object.values(functions));
    expect(rows.filter(({ kind, isCritical }) => kind === "RollbackOp" && isCritical)).to.deep.equal([]);
  });

  it("becomes rows of the timelock's table", () => {
    const target = getAddress("0x00000000000000000000000000000000000000aa");
    expect(privilegeRows({ QuadraticVotes: target })).to.deep.equal([
      { target, selector: toFunctionSelector("setGate(address)"), kind: 1, isCritical: true },
    ]);
    const everything = Object.fromEntries(NAMES.map((name) => [name, target]));
    const count = Object.values(PRIVILEGES).reduce((sum, functions) => sum + Object.keys(functions).length, 0);
    expect(privilegeRows(everything)).to.have.length(count);
  });
});
