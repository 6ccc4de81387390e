import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A parameter in an ABI. */
export interface AbiParameter {
  name: string;
  type: string;
  internalType?: string;
  components?: AbiParameter[];
}

/** A function, event, error or constructor in an ABI. */
export interface AbiItem {
  type: string;
  name?: string;
  inputs?: AbiParameter[];
  outputs?: AbiParameter[];
}

/** What Hardhat writes for one compiled contract, as far as it is used here. */
export interface Artifact {
  contractName: string;
  sourceName: string;
  abi: AbiItem[];
  bytecode: string;
  deployedBytecode: string;
}

/** Contracts that run another one's code on their own storage, so that callers find its functions at their address. */
const RUNS_CODE_OF: Record<string, string> = {
  CertificateRegistry: "CertificateAuthorities",
  LeaseEscrow: "LeaseAgreements",
};

/** The artifacts, with the functions, events and errors of code that a contract runs added to its ABI. */
function withDelegates(artifacts: Artifact[]): Artifact[] {
  return artifacts.map((artifact) => {
    const delegate = artifacts.find(({ contractName }) => contractName === RUNS_CODE_OF[artifact.contractName]);
    if (!delegate) return artifact;
    const known = new Set(artifact.abi.map((item) => JSON.stringify(item)));
    const added = delegate.abi.filter((item) => item.type !== "constructor" && !known.has(JSON.stringify(item)));
    return { ...artifact, abi: [...artifact.abi.filter(({ type }) => type !== "fallback"), ...added] };
  });
}

/**
 * Reads the artifacts of the product and of the npm contracts it deploys, without mocks and tests, in a stable order.
 * @throws when nothing has been compiled yet.
 */
export function readArtifacts(root: string): Artifact[] {
  const paths = globSync("artifacts/{contracts,@*}/**/*.json", { cwd: root }).sort();
  if (paths.length === 0) throw new Error("There are no artifacts: compile first with npx hardhat build --no-tests");
  const artifacts = paths.map((path) => JSON.parse(readFileSync(join(root, path), "utf8")) as Artifact);
  return withDelegates(artifacts.filter(({ sourceName }) => !/^contracts\/mocks\/|^test\//.test(sourceName)));
}

/** True for a contract that is neither abstract nor an interface and has something to call. */
export function isDeployable({ bytecode, abi }: Artifact): boolean {
  return bytecode !== "0x" && abi.some(({ type }) => type !== "error");
}
