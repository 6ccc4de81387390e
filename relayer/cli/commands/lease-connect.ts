import { readFileSync } from "node:fs";
import path from "node:path";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { Argument, type Command } from "commander";
import type { LeaseClient } from "../../src/delivery/lease-client.ts";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { connectLease, type DeliveredLease, openDelivered } from "../delivered-lease.ts";
import { readDeliveryKeyFile } from "../delivery-key-file.ts";
import { withExample } from "../help.ts";
import { leaseArgument } from "../lease-state.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, usageError } from "../output.ts";
import { type PasswordOptions, withPassword } from "../password.ts";

/** Seconds that an option of a command that uses a lease may say; a timer of Node counts no more than 24 days. */
export const MAX_SECONDS = 86_400;

/** Options of every command that uses a lease. */
export interface LeaseUseOptions extends NetworkOptions, PasswordOptions {
  key: string;
  timeout: string;
}

interface ConnectOptions extends LeaseUseOptions {
  as?: string;
  out?: string;
}

/** What an action did, for `--json` and for people. */
interface Done {
  result: object;
  text: string;
}

const ACTIONS = ["status", "echo", "ls", "put", "get", "rm"] as const;
type Action = (typeof ACTIONS)[number];

/** Adds `--network`, `--key`, `--timeout` and the password's options. */
export function withLeaseUse(command: Command): Command {
  return withPassword(withNetwork(command))
    .requiredOption("--key <file>", "the client's delivery key: keystore, or file that the dApp exported")
    .option("--timeout <seconds>", "seconds for one answer of the endpoint", "30");
}

/** Adds `pqmesh lease connect`. */
export function addLeaseConnectCommand(lease: Command): void {
  withExample(
    withLeaseUse(lease.command("connect")),
    "lease connect 7 --key delivery.json",
    'lease connect 7 echo "hello" --key delivery.json',
    "lease connect 7 put report.pdf --key delivery.json",
    "lease connect 7 get report.pdf --out copy.pdf --key delivery.json",
  )
    .description(
      "use what a lease delivers: opens the credential from the chain and connects to the provider's endpoint",
    )
    .argument("<leaseId>", "number of the lease")
    .addArgument(new Argument("[action]", "what to do there").choices(ACTIONS).default("status"))
    .argument("[what]", "text to echo, file to put, name to get or rm")
    .option("--as <name>", "name under which put stores the file; default: its own")
    .option("--out <file>", "file that get writes, never overwritten; default: the name, in this directory")
    .action(connect);
}

/** Connects as the client of a lease, for one piece of work. */
export async function withLease<T>(
  leaseText: string,
  options: LeaseUseOptions,
  work: (client: LeaseClient, lease: DeliveredLease) => Promise<T>,
): Promise<T> {
  const leaseId = leaseArgument(leaseText);
  const timeoutMs = naturalArgument("--timeout", options.timeout, { least: 1, most: MAX_SECONDS }) * 1_000;
  const session = await openNetwork(options);
  const lease = await openDelivered(session, leaseId, await readDeliveryKeyFile(options.key, options));
  const client = await connectLease(lease, timeoutMs);
  try {
    return await work(client, lease);
  } finally {
    client.close();
  }
}

async function connect(...given: [string, Action, string | undefined, ConnectOptions, Command]): Promise<void> {
  const [leaseText, action, what, options, command] = given;
  const needed = action === "echo" || action === "put" || action === "get" || action === "rm";
  if (needed && what === undefined) throw usageError(`${action} needs a word after it: text, file or name`);
  if (!needed && what !== undefined) throw usageError(`${action} takes no further word`);
  const { result, text } = await withLease(leaseText, options, (client, lease) =>
    act(client, { action, what: what ?? "", options, lease }).catch((cause: Error) => {
      throw cause instanceof CliError ? cause : new CliError(cause.message, undefined, { cause });
    }),
  );
  print(command, { leaseId: leaseText, action, ...result }, text);
}

async function act(
  client: LeaseClient,
  { action, what, options, lease }: { action: Action; what: string; options: ConnectOptions; lease: DeliveredLease },
): Promise<Done> {
  switch (action) {
    case "status":
      return status(client, lease);
    case "echo": {
      const echo = (await client.echo(Buffer.from(what, "utf8"))).toString("utf8");
      return { result: { echo }, text: echo };
    }
    case "ls": {
      const files = await client.list();
      const rows = files.map(({ name, bytes }) => `${String(bytes).padStart(12)}  ${name}`);
      return { result: { files }, text: rows.join("\n") || "no files" };
    }
    case "put": {
      const stored = await client.put(options.as ?? path.basename(what), readBytes(what));
      return { result: { stored }, text: `stored ${stored.name}, ${stored.bytes} bytes` };
    }
    case "get": {
      const bytes = await client.get(what);
      const file = options.out ?? path.basename(what);
      writeNewFile(file, bytes);
      return { result: { file, bytes: bytes.length }, text: `${file}: ${bytes.length} bytes` };
    }
    case "rm":
      await client.remove(what);
      return { result: { removed: what }, text: `removed ${what}` };
  }
}

async function status(client: LeaseClient, { credential, status }: DeliveredLease): Promise<Done> {
  const allowance = await client.allowance();
  const { agreement } = client;
  const { usedBytes, quotaBytes, files, maxFiles } = allowance;
  const rows = [
    `lease      ${allowance.leaseId}, ${status}`,
    `endpoint   ${credential.endpoint}`,
    `server key ${credential.serverKeyHash} (SHA-256), as delivered`,
    `connection ${agreement?.protocol}, ${agreement?.group}, ${agreement?.signatureAlgorithm} on both sides`,
    `files      ${files} of ${maxFiles}, ${usedBytes} of ${quotaBytes} bytes`,
  ];
  const { endpoint, serverKeyHash } = credential;
  return { result: { status, endpoint, serverKeyHash, connection: agreement, ...allowance }, text: rows.join("\n") };
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw usageError(`${file} cannot be read: ${fileFlaw(cause)}`, cause);
  }
}
