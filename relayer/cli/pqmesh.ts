#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addAgentCommands } from "./commands/agent.ts";
import { addAttestationCommands } from "./commands/attestation.ts";
import { addCertificateCommands } from "./commands/certificate.ts";
import { addKeyCommands } from "./commands/key.ts";
import { addNetworkCommands } from "./commands/network.ts";
import { addOperatorCommands } from "./commands/operator.ts";
import { addRelayerCommands } from "./commands/relayer.ts";
import { addStakeCommands } from "./commands/stake.ts";
import { CliError, EXIT_CODES } from "./output.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("pqmesh")
  .description("Command line of PQMesh: agents, relayers, keys, certificates, operators, stake and proofs")
  .version(version)
  .option("--json", "print one JSON object instead of text")
  .showHelpAfterError("(add --help for what this command takes)")
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage);
  });

addAgentCommands(program);
addRelayerCommands(program);
addKeyCommands(program);
addCertificateCommands(program);
addOperatorCommands(program);
addStakeCommands(program);
addNetworkCommands(program);
addAttestationCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  const cliError = error instanceof CliError ? error : CliError.from(error);
  if (program.opts<{ json?: boolean }>().json) console.log(JSON.stringify({ error: cliError.message }));
  else console.error(`pqmesh: ${cliError.message}`);
  process.exitCode = cliError.exitCode;
}
