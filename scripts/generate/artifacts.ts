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

/**
 * Reads the artifacts of the product and of the npm contracts it deploys, without mocks and tests, in a stable order.
 * @throws when nothing has been compiled yet.
 */
export function readArtifacts(root: string): Artifact[] {
  const paths = globSync("artifacts/{contracts,@*}/**/*.json", { cwd: root }).sort();
  if (paths.length === 0) throw new Error("There are no artifacts: compile first with npx hardhat build --no-tests");
  const artifacts = paths.map((path) => JSON.parse(readFileSync(join(root, path), "utf8")) as Artifact);
  return artifacts.filter(({ sourceName }) => !/^contracts\/mocks\/|^test\//.test(sourceName));
}

/** True for a contract that is neither abstract nor an interface and has something to call. */
export function isDeployable({ bytecode, abi }: Artifact): boolean {
  return bytecode !== "0x" && abi.some(({ type }) => type !== "error");
}
