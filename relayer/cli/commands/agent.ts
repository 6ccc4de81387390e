import { type Command, Option } from "commander";
import { runService } from "../../src/service/run-service.ts";
import { withExample } from "../help.ts";
import { isJson, print } from "../output.ts";

/** Adds `pqmesh agent …`. Each command loads only what it runs, so that an agent stays small. */
export function addAgentCommands(program: Command): void {
  const agent = withExample(
    program.command("agent").description("the program that runs on a node: heartbeats and attestations"),
    "agent run --config agent.json",
  );

  withExample(agent.command("run"), "agent run --config agent.json")
    .description("run the agent until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration of the agent (JSON)")
    .action(async ({ config }: { config: string }, command: Command) => {
      const { startAgent } = await import("../../src/agent/run.ts");
      await runService({ name: "agent", isJson: isJson(command) }, (stopping) => startAgent(config, stopping));
    });

  withExample(agent.command("measure"), "agent measure")
    .description("print the measurement of this agent build, which the DAO must have on its allow-list")
    .action(async (_options, command: Command) => {
      const { measureBuild } = await import("../../src/agent/measurement.ts");
      const measurement = measureBuild();
      print(command, { measurement }, measurement);
    });

  withExample(
    agent.command("recover"),
    "agent recover --config agent.json --dry-run",
    "agent recover --config agent.json --yes",
  )
    .description("let a restored agent continue after the newest attestation that the network holds of its node")
    .requiredOption("--config <file>", "configuration of the agent (JSON)")
    .option("--yes", "change the journal; without it, only say what would change")
    .addOption(new Option("--dry-run", "only say what would change; the same as without --yes").conflicts("yes"))
    .action(async (options: { config: string; yes?: boolean }, command: Command) => {
      const { recoverAgent } = await import("../../src/agent/recover.ts");
      const outcome = await recoverAgent(options.config, { dryRun: options.yes !== true });
      print(command, outcome, outcome.sentence);
    });
}
