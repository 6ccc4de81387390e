import { type Command, Option } from "commander";
import { runService } from "../../src/service/run-service.ts";
import type { AgentInitOptions } from "../agent-init.ts";
import { withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { isJson, print } from "../output.ts";

/** Adds `pqmesh agent …`. Each command loads only what it runs, so that an agent stays small. */
export function addAgentCommands(program: Command): void {
  const agent = withExample(
    program.command("agent").description("the program that runs on a node: heartbeats and attestations"),
    "agent run --config agent.json",
  );

  withExample(
    withNetwork(agent.command("init")),
    "agent init --node 12 --attestation node.json --tls tls.json --cert tls.pem --ca ca.pem --out agent.json",
  )
    .description("write the configuration of an agent for a node that is registered, and print how to run it")
    .requiredOption("--node <nodeIndex>", "index of the node")
    .requiredOption("--attestation <file>", "keystore of the node's attestation key")
    .requiredOption("--tls <file>", "keystore of the node's TLS key")
    .requiredOption("--cert <file>", "certificate of the TLS key (cert issue-node)")
    .requiredOption("--ca <file>", "certificate of the network's authority")
    .option("--password-file <file>", "file with the password of both keystores, named in the configuration")
    .option("--relayer <address@host:port...>", "relayers to speak to; default: those of network.json")
    .option("--listen <host:port>", "address of /health and /metrics", "127.0.0.1:9300")
    .requiredOption("--out <file>", "configuration to write; never overwritten")
    .action(async (options: AgentInitOptions, command: Command) => {
      const { initAgent } = await import("../agent-init.ts");
      await initAgent(options, command);
    });

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
