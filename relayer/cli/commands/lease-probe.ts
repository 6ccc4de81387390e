import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Probe } from "@pqmesh/contracts/protocol/probe-journal";
import type { Command } from "commander";
import type { LeaseClient } from "../../src/delivery/lease-client.ts";
import { naturalArgument } from "../arguments.ts";
import { openNetwork, type Session } from "../chain-session.ts";
import { epochClock } from "../epoch-clock.ts";
import { withExample } from "../help.ts";
import { leaseArgument } from "../lease-state.ts";
import { isJson, print } from "../output.ts";
import { compareProbes } from "../probe-comparison.ts";
import { appendProbe, readProbes } from "../probe-journal.ts";
import { type LeaseUseOptions, MAX_SECONDS, withLease, withLeaseUse } from "./lease-connect.ts";

const PROBE_BYTES = 1_024;

interface ProbeOptions extends LeaseUseOptions {
  every: string;
  count: string;
  journal?: string;
  show?: boolean;
}

/** Adds `pqmesh lease probe`. */
export function addLeaseProbeCommand(lease: Command): void {
  withExample(
    withLeaseUse(lease.command("probe")),
    "lease probe 7 --key delivery.json --every 5 --count 60",
    "lease probe 7 --key delivery.json --show",
  )
    .description("the client's own view of a lease, kept in a journal, beside the committee's and what each epoch paid")
    .argument("<leaseId>", "number of the lease")
    .option("--every <seconds>", "seconds between two probes", "5")
    .option("--count <n>", "probes to make", "1")
    .option("--journal <file>", "journal, one JSON line for each probe; default: lease-<leaseId>-probes.jsonl")
    .option("--show", "make no probe, only compare what the journal has")
    .action(probe);
}

async function probe(leaseText: string, options: ProbeOptions, command: Command): Promise<void> {
  const leaseId = leaseArgument(leaseText);
  const journal = options.journal ?? `lease-${leaseId}-probes.jsonl`;
  const every = naturalArgument("--every", options.every, { most: MAX_SECONDS });
  const count = naturalArgument("--count", options.count, { least: 1 });
  const session = await openNetwork(options);
  if (options.show !== true) {
    await withLease(leaseText, options, async (client) => {
      for (let i = 0; i < count; i += 1) {
        const due = i === 0 ? 0 : every * 1_000;
        await delay(due);
        const entry = await probeOnce(client, session, leaseId);
        appendProbe(journal, entry);
        if (!isJson(command)) console.log(lineOf(entry));
      }
    });
  }
  const { text, ...comparison } = await compareProbes(session, leaseId, readProbes(journal, leaseId));
  print(command, { journal, ...comparison }, text);
}

/** Has random bytes echoed: an answer that was kept from before does not pass. */
async function probeOnce(client: LeaseClient, session: Session, leaseId: bigint): Promise<Probe> {
  const epoch = Number((await epochClock(session)).epoch);
  const body = randomBytes(PROBE_BYTES);
  const isConnecting = client.agreement === undefined;
  const at = new Date().toISOString();
  const begun = performance.now();
  const seen = { leaseId: String(leaseId), at, epoch, isConnecting };
  const since = (): number => Math.round((performance.now() - begun) * 10) / 10;
  try {
    const isEqual = (await client.echo(body)).equals(body);
    const milliseconds = since();
    return { ...seen, isServed: isEqual, milliseconds, ...(!isEqual && { error: "other bytes came back" }) };
  } catch (error) {
    return { ...seen, isServed: false, milliseconds: since(), error: (error as Error).message };
  }
}

function lineOf({ at, epoch, isServed, milliseconds, error }: Probe): string {
  return `${at}  epoch ${epoch}  ${isServed ? `${milliseconds} ms` : `not served: ${error}`}`;
}
