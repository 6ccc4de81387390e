// Brings up a whole PQMesh network on this machine: chain, contracts, genesis state, relayers, agents, indexer, dApp.
import path from "node:path";
import { helpText, readOptions, type StartOptions } from "./start/options.ts";
import { Devnet } from "./start/devnet.ts";

/** Exit code that pqmesh has for it, too; a part that fails ends with 1. */
const WRONG_COMMAND_LINE = 2;

const root = path.resolve(import.meta.dirname, "..");

async function main(): Promise<void> {
  const options = optionsGiven();
  if (!options) {
    console.log(helpText());
    return;
  }
  const devnet = new Devnet(root, options);
  const stop = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
    onLauncherEnd(resolve);
  });
  const failed = devnet.run();
  await Promise.race([stop, failed]).catch((error: Error) => {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  });
  await devnet.stop();
  process.exit();
}

/** What the command line asks for, undefined for help; ends the process where it is wrong. */
function optionsGiven(): StartOptions | undefined {
  try {
    return readOptions(process.argv.slice(2), root);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(WRONG_COMMAND_LINE);
  }
}

/** Under npm, the end of npm means stop: a signal to npm or npx does not reach this process by itself. */
function onLauncherEnd(stop: () => void): void {
  if (process.env.npm_lifecycle_event !== "start") return;
  const launcher = process.ppid;
  setInterval(() => process.ppid !== launcher && stop(), 500).unref();
}

await main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
