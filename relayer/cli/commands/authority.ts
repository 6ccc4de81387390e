import type { Command } from "commander";
import { withExample } from "../help.ts";
import { isJson } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";

/** Adds `pqmesh authority …`: parts of a certificate authority that run by themselves. */
export function addAuthorityCommands(program: Command): void {
  const authority = withExample(
    program.command("authority").description("the certificate authority that a relayer issues for"),
    "authority signer --keystore ca.json --socket /run/pqmesh/ca.sock",
  );
  withExample(
    withPassword(authority.command("signer")),
    "authority signer --keystore ca.json --socket /run/pqmesh/ca.sock",
  )
    .description(
      "keep the authority's key in a process of its own and sign for a relayer of the same user, until SIGTERM",
    )
    .requiredOption("--keystore <file>", "keystore of the authority's key (key create --purpose authority)")
    .requiredOption(
      "--socket <file>",
      "Unix socket to serve, named as authority.signerSocket in the relayer's configuration",
    )
    .action(runSigner);
}

async function runSigner(
  { keystore, socket, ...options }: PasswordOptions & { keystore: string; socket: string },
  command: Command,
): Promise<void> {
  const [{ runService }, { openAuthorityKey }, { serveSigner }, { createLogger }] = await Promise.all([
    import("../../src/service/run-service.ts"),
    import("../../src/authority/open-authority.ts"),
    import("../../src/authority/signer-server.ts"),
    import("../../src/service/logger.ts"),
  ]);
  const password = await keystorePassword(options);
  await runService({ name: "signer", isJson: isJson(command) }, async () => {
    const log = createLogger({ name: "signer", level: "info" });
    const signer = await openAuthorityKey(keystore, password);
    const stop = await serveSigner({ signer, socketPath: socket, log });
    log.info({ socket }, "signer runs");
    return { stop, failed: new Promise<Error>(() => undefined) };
  });
}
