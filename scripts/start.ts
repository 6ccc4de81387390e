// Brings up a whole PQMesh network on this machine: chain, contracts, genesis state, relayers, agents, indexer, dApp.
import path from "node:path";
import { helpText, readOptions } from "./start/options.ts";
import { Devnet } from "./start/devnet.ts";

const root = path.resolve(import.meta.dirname, "..");

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), root);
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
