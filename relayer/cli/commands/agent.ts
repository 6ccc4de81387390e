import type { Command } from "commander";
import { runService } from "../../src/service/run-service.ts";
import { print } from "../output.ts";

/** Adds `pqmesh agent …`. Each command loads only what it runs, so that an agent stays small. */
export function addAgentCommands(program: Command): void {
  const agent = program.command("agent").description("the program that runs on a node: heartbeats and attestations");

  agent
    .command("run")
    .description("run the agent until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration of the agent (JSON)")
    .action(async ({ config }: { config: string }) => {
      const { startAgent } = await import("../../src/agent/run.ts");
      await runService("agent", () => startAgent(config));
    });

  agent
    .command("measure")
    .description("print the measurement of this agent build, which the DAO must have on its allow-list")
    .action(async (_options, command: Command) => {
      const { measureBuild } = await import("../../src/agent/measurement.ts");
      const measurement = measureBuild();
      print(command, { measurement }, measurement);
    });

  agent
    .command("recover")
    .description("let a restored agent continue after the newest attestation that the network holds of its node")
    .requiredOption("--config <file>", "configuration of the agent (JSON)")
    .option("--yes", "change the journal; without it, only say what would change")
    .action(async (options: { config: string; yes?: boolean }, command: Command) => {
      const { recoverAgent } = await import("../../src/agent/recover.ts");
      const outcome = await recoverAgent(options.config, { dryRun: options.yes !== true });
      print(command, outcome, outcome.sentence);
    });
}
