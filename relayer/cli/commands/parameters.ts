import type { Command } from "commander";
import { hexToString } from "viem";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { durationText, momentText, timeFigure } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { parameterText } from "../parameter-text.ts";

/** How a sum compares to its bound, as `INetworkParameters.Relation` counts. */
const RELATIONS = ["is below", "is at most", "is equal to"];

/** Adds `pqmesh parameters`. */
export function addParametersCommand(program: Command): void {
  withExample(withNetwork(program.command("parameters")), "parameters", "parameters unbondingPeriod --json")
    .description("print every governed number with its bounds, notice and pending change, and the orderings that hold")
    .argument("[name]", "one parameter; default: all")
    .action(showParameters);
}

async function readParameters(session: Session) {
  const { client } = session;
  const table = contractOf(session, "NetworkParameters");
  const [all, orderings, now] = await Promise.all([
    client.readContract({ ...table, functionName: "all" }),
    client.readContract({ ...table, functionName: "orderings" }),
    chainTime(session),
  ]);
  const rows = all.map(({ id, value, pending, effectiveAt, ...limits }) => {
    const isPending = effectiveAt > now && pending !== value;
    const next = isPending ? { value: pending, from: timeFigure(effectiveAt, now) } : null;
    return { name: nameOf(id), value: effectiveAt > now ? value : pending, next, ...limits };
  });
  return { rows, orderings, now };
}

async function showParameters(name: string | undefined, options: NetworkOptions, command: Command): Promise<void> {
  const { rows, orderings, now } = await readParameters(await openNetwork(options));
  const shown = name === undefined ? rows : rows.filter((row) => row.name === name);
  if (shown.length === 0) throw new CliError(`there is no parameter "${name}"; "parameters" prints all names`, 2);
  const rules = orderings
    .filter(({ addends, bound }) => name === undefined || [...addends, bound].map(nameOf).includes(name))
    .map(({ addends, relation, bound }) => {
      return `${addends.map(nameOf).join(" + ")} ${RELATIONS[relation] ?? "relates to"} ${nameOf(bound)}`;
    });
  const width = Math.max(...shown.map((row) => row.name.length));
  const lines = shown.flatMap(({ name: id, value, next, min, max, notice }) => [
    `${id.padEnd(width)}  ${parameterText(id, value)}  (${boundsText(id, min, max)}, notice ${durationText(notice)})`,
    ...(next
      ? [`${" ".repeat(width)}  ${parameterText(id, next.value)} from ${momentText(next.from.unixSeconds, now)}`]
      : []),
  ]);
  const parameters = shown.map((row) => ({ ...row, text: parameterText(row.name, row.value) }));
  print(command, { parameters, orderings: rules }, [...lines, ...rules.map((rule) => `always: ${rule}`)].join("\n"));
}

function boundsText(name: string, min: bigint, max: bigint): string {
  return min === max ? "fixed" : `${parameterText(name, min)} to ${parameterText(name, max)}`;
}

function nameOf(id: `0x${string}`): string {
  return hexToString(id, { size: 32 });
}
