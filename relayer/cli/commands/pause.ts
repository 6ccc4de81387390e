import { entriesOf } from "@pqmesh/contracts/protocol/entry-area";
import type { Command } from "commander";
import { zeroAddress } from "viem";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { durationArgument } from "../duration-argument.ts";
import { durationText, momentText, timeFigure } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, print, usageError } from "../output.ts";
import { runTimelockCall } from "../timelock-call.ts";
import { openWalletSession, type PlannedCall, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** What can be paused, as `IEntryPause.EntryArea` counts. */
const NAMES = ["stake", "delegation", "listing", "lease"];

interface EndOptions extends WalletOptions {
  byDao?: boolean;
}

/** Adds `pqmesh pause …`: the emergency pause of entries. */
export function addPauseCommands(program: Command): void {
  const pause = withExample(
    program.command("pause").description("emergency pause of entries: who may pause, what is paused, and until when"),
    "pause list",
    'pause set lease "2 d" --wallet guardian.json --dry-run',
  );

  withExample(withNetwork(pause.command("list")), "pause list", "pause list --json")
    .description("print what is paused until when, and who is the emergency guardian")
    .action(list);

  withExample(
    withWallet(pause.command("set")),
    'pause set lease "2 d" --wallet guardian.json --yes',
    'pause set stake "12 h" --wallet guardian.json --dry-run',
  )
    .description("keep new things out of an area; what is in goes on and can leave. The emergency guardian only")
    .argument("<area>", NAMES.join(", "))
    .argument("<duration>", 'how long from now on, for example "2 d"')
    .action(set);

  withExample(withWallet(pause.command("end")), "pause end lease --wallet guardian.json --yes")
    .description("let an area in again before its pause is over: the guardian its own pause, the DAO any")
    .argument("<area>", NAMES.join(", "))
    .option("--by-dao", "a proposer of the DAO's timelock sends")
    .action(end);
}

function areaArgument(text: string): number {
  const area = NAMES.indexOf(text);
  if (area >= 0) return area;
  throw usageError(`area is "${text.slice(0, 40)}", it must be one of ${NAMES.join(", ")}`);
}

async function readGuardian(session: Session): Promise<{ guardian: string | null; until: bigint }> {
  const table = contractOf(session, "NetworkParameters");
  const [guardian, until] = await session.client.readContract({ ...table, functionName: "emergencyGuardian" });
  return { guardian: guardian === zeroAddress || until <= (await chainTime(session)) ? null : guardian, until };
}

function readEntry(session: Session, area: number) {
  const request = { functionName: "entryState", args: [area] } as const;
  return session.client.readContract({ ...contractOf(session, "NetworkParameters"), ...request });
}

async function list(options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const [entries, { guardian, until }, longest, now] = await Promise.all([
    Promise.all(NAMES.map((_, area) => readEntry(session, area))),
    readGuardian(session),
    governed(session, "maxPause"),
    chainTime(session),
  ]);
  const areas = entries.map(({ pausedUntil, guardianFrom, isByGuardian }, area) => ({
    ...{ area: NAMES[area]!, keepsOut: entriesOf(area), isPaused: pausedUntil > now },
    pausedUntil: pausedUntil > now ? timeFigure(pausedUntil, now) : null,
    pausedBy: pausedUntil > now ? (isByGuardian ? "guardian" : "DAO") : null,
    guardianFrom: guardianFrom > now ? timeFigure(guardianFrom, now) : null,
  }));
  const rows = areas.map(({ area, keepsOut, pausedBy }, i) => {
    const { pausedUntil, guardianFrom } = entries[i]!;
    const state = pausedBy === null ? "open" : `PAUSED by the ${pausedBy} until ${momentText(pausedUntil, now)}`;
    const again = guardianFrom > now ? `; the guardian can pause it from ${momentText(guardianFrom, now)} on` : "";
    return `${area.padEnd(10)}  ${state}${again} (${keepsOut})`;
  });
  rows.push(
    guardian === null
      ? "There is no emergency guardian: only the DAO can pause."
      : `Emergency guardian: ${guardian}, until ${momentText(until, now)}.`,
    `A pause lasts ${durationText(longest)} at most.`,
  );
  const term = guardian === null ? null : timeFigure(until, now);
  print(command, { areas, guardian, guardianUntil: term, maxPauseSeconds: longest }, rows.join("\n"));
}

async function set(name: string, text: string, options: WalletOptions, command: Command): Promise<void> {
  const area = areaArgument(name);
  const duration = durationArgument("duration", text);
  const session = await openWalletSession(options);
  const [longest, now] = await Promise.all([governed(session, "maxPause"), chainTime(session)]);
  if (duration === 0n || duration > longest) {
    throw usageError(
      `duration is ${durationText(duration)}, it must be from 1 s to ${durationText(longest)} (maxPause)`,
    );
  }
  const until = now + duration;
  await run(
    { options, command },
    {
      ...{ functionName: "pauseEntry", args: [area, until] },
      sentence: `Pause ${entriesOf(area)} until ${momentText(until, now)}.`,
      after: () => [
        `What is there already goes on and can leave; the pause ends by itself, or by "pause end ${name}".`,
      ],
      preview: () => ({
        risks: [
          `Then the area stays open for ${durationText(longest)} at least: the guardian cannot pause it again before.`,
        ],
        figures: { area: name, until: timeFigure(until, now) },
      }),
    },
  );
}

async function end(name: string, options: EndOptions, command: Command): Promise<void> {
  const area = areaArgument(name);
  const session = await openNetwork(options);
  const [{ pausedUntil }, now] = await Promise.all([readEntry(session, area), chainTime(session)]);
  if (pausedUntil <= now) throw new CliError(`${entriesOf(area)} are not paused`);
  await run(
    { options, command },
    {
      ...{ functionName: "resumeEntry", args: [area] },
      sentence: `Let ${entriesOf(area)} in again.`,
      after: () => ["The area is open."],
    },
  );
}

async function run(
  { options, command }: { options: EndOptions; command: Command },
  planned: Omit<PlannedCall, "contract" | "abi">,
): Promise<void> {
  const session = await openWalletSession(options);
  const plan: PlannedCall = { contract: "NetworkParameters", abi: ABIS.NetworkParameters, ...planned };
  if (options.byDao) return runTimelockCall(session, plan, { options, command });
  const { guardian } = await readGuardian(session);
  if (guardian !== session.account.address) {
    const who = guardian === null ? "nobody now" : guardian;
    throw new CliError(`wallet ${session.account.address} is not the emergency guardian, who is ${who}`);
  }
  await runCall(session, plan, { options, command });
}
