import type { Command } from "commander";
import { addressArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { csvOf } from "../csv.ts";
import { meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { isJson, print } from "../output.ts";
import { isoTime } from "../iso-time.ts";
import { type Unlock, unlocksOf } from "../unlock-calendar.ts";

/** Adds `pqmesh unlocks`. */
export function addUnlocksCommand(program: Command): void {
  withExample(
    withNetwork(program.command("unlocks")),
    "unlocks 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "unlocks 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --csv",
  )
    .description("print a calendar of all that becomes free for a wallet: stake, delegations, bonds, vesting, changes")
    .argument("<address>", "the wallet")
    .option("--csv", "print it as CSV, and nothing else")
    .action(showUnlocks);
}

async function showUnlocks(
  addressText: string,
  options: NetworkOptions & { csv?: boolean },
  command: Command,
): Promise<void> {
  const wallet = addressArgument("address", addressText);
  const { unlocks, now } = await unlocksOf(await openNetwork(options), wallet);
  if (options.csv === true && !isJson(command)) return console.log(calendarCsv(unlocks));
  const rows = unlocks.map(({ at, what, amount, command: next }) => {
    return `${momentText(at, now)}  ${amount === null ? "" : `${meshText(amount)}, `}${what}: pqmesh ${next}`;
  });
  const result = {
    wallet,
    unlocks: unlocks.map(({ at, amount, ...unlock }) => {
      return { ...unlock, at: timeFigure(at, now), amount: amount === null ? null : meshFigure(amount) };
    }),
  };
  print(command, result, rows.length > 0 ? rows.join("\n") : `Nothing is locked or pending for ${wallet}.`);
}

function calendarCsv(unlocks: readonly Unlock[]): string {
  const rows = unlocks.map(({ at, what, amount, command }) => {
    const cells = amount === null ? ["", ""] : [meshFigure(amount).mesh, amount];
    return [isoTime(at), at, what, ...cells, `pqmesh ${command}`];
  });
  return csvOf(["time", "unix_seconds", "what", "amount_mesh", "amount_wei", "command"], rows);
}
