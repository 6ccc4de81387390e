import type { Command } from "commander";
import { runService } from "../../src/service/run-service.ts";
import { addProtectionCommands } from "./protection.ts";

/** Adds `pqmesh relayer …`. */
export function addRelayerCommands(program: Command): void {
  const relayer = program
    .command("relayer")
    .description("a member of the committee: collects attestations and posts reports");

  relayer
    .command("run")
    .description("run the relayer until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration of the relayer (JSON)")
    .action(async ({ config }: { config: string }) => {
      const { startRelayer } = await import("../../src/run.ts");
      await runService("relayer", () => startRelayer(config));
    });

  addProtectionCommands(relayer);
}
