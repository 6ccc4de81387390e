import type { Command } from "commander";
import { runService } from "../../src/service/run-service.ts";
import { withExample } from "../help.ts";
import { isJson } from "../output.ts";
import { addProtectionCommands } from "./protection.ts";

/** Adds `pqmesh relayer …`. */
export function addRelayerCommands(program: Command): void {
  const relayer = withExample(
    program.command("relayer").description("a member of the committee: collects attestations and posts reports"),
    "relayer run --config relayer.json",
  );

  withExample(relayer.command("run"), "relayer run --config relayer.json")
    .description("run the relayer until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration of the relayer (JSON)")
    .action(async ({ config }: { config: string }, command: Command) => {
      const { startRelayer } = await import("../../src/run.ts");
      await runService({ name: "relayer", isJson: isJson(command) }, (stopping) => startRelayer(config, stopping));
    });

  addProtectionCommands(relayer);
}
