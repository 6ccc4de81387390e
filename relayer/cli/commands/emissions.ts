import { splitDrawn } from "@pqmesh/contracts/protocol/drawn-emissions";
import type { Command } from "commander";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { csvOf } from "../csv.ts";
import { meshFigure, meshText, percentText, timeFigure } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { isJson, print } from "../output.ts";
import { isoTime } from "../iso-time.ts";

const YEAR = 365n * 86_400n;
const FULL_BP = 10_000n;

/** Adds `pqmesh emissions show`. */
export function addEmissionsCommands(program: Command): void {
  const emissions = withExample(
    program.command("emissions").description("Caesar: the operators' MESH, emitted along a published curve"),
    "emissions show",
  );

  withExample(withNetwork(emissions.command("show")), "emissions show --json", "emissions show --csv")
    .description("print the curve by years, what was emitted, paid, not claimed and returned, and what is left")
    .option("--csv", "print the curve as CSV, and nothing else")
    .action(showEmissions);
}

/** Emissions now and the curve by years. Amounts are MESH wei. */
async function readEmissions(session: Session) {
  const { client } = session;
  const caesar = contractOf(session, "CaesarEmissions");
  const [bucket, drawn, pace, now, [start, yearCount, decayBp]] = await Promise.all([
    client.readContract({ ...caesar, functionName: "bucket" }),
    readDrawn(session),
    governed(session, "emissionPaceBp"),
    chainTime(session),
    client.readContract({ ...caesar, functionName: "curve" }),
  ]);
  const ends = Array.from({ length: Number(yearCount) }, (_, year) => start + BigInt(year + 1) * YEAR);
  const totals = await Promise.all(
    [...ends, now].map((time) => client.readContract({ ...caesar, functionName: "emittedBy", args: [time] })),
  );
  const ceiling = totals.at(-1) ?? 0n;
  const years = ends.map((end, year) => {
    const total = totals[year] ?? 0n;
    return { year: year + 1, end, emission: total - (year === 0 ? 0n : (totals[year - 1] ?? 0n)), total };
  });
  return { bucket, ...drawn, pace, now, start, decayBp, ceiling, years };
}

/** What was emitted, and where it is, at one block. Amounts are MESH wei. */
async function readDrawn(session: Session) {
  const { client, network } = session;
  const blockNumber = await client.getBlockNumber({ cacheTime: 0 });
  const caesar = { ...contractOf(session, "CaesarEmissions"), blockNumber };
  const token = { ...contractOf(session, "MeshToken"), blockNumber };
  const rewards = { ...contractOf(session, "NodeRewards"), blockNumber };
  const [emitted, released, held, recyclable] = await Promise.all([
    client.readContract({ ...caesar, functionName: "emitted" }),
    client.readContract({ ...caesar, functionName: "released" }),
    client.readContract({ ...token, functionName: "balanceOf", args: [network.contracts.NodeRewards] }),
    client.readContract({ ...rewards, functionName: "recyclable" }),
  ]);
  return { emitted, released, recyclable, ...splitDrawn({ released, held, recyclable }) };
}

async function showEmissions(options: NetworkOptions & { csv?: boolean }, command: Command): Promise<void> {
  const emissions = await readEmissions(await openNetwork(options));
  const { bucket, emitted, released, paid, unclaimed, recyclable, pace, now, start, decayBp, ceiling, years } =
    emissions;
  if (options.csv === true && !isJson(command)) {
    const cells = years.map(({ year, end, emission, total }) => [year, isoTime(end), emission, total]);
    return console.log(csvOf(["year", "ends", "emission_wei", "total_wei"], cells));
  }
  const present = Number((now - start) / YEAR) + 1;
  const result = {
    ...{ bucket: meshFigure(bucket), ceiling: meshFigure(ceiling), emitted: meshFigure(emitted) },
    ...{ released: meshFigure(released), paid: meshFigure(paid), unclaimed: meshFigure(unclaimed) },
    ...{ recyclable: meshFigure(recyclable), left: meshFigure(bucket - emitted) },
    ...{ start: timeFigure(start, now), decayBp, paceBp: pace, year: present },
    years: years.map(({ year, end, emission, total }) => {
      return { year, ends: isoTime(end), emission: meshFigure(emission), total: meshFigure(total) };
    }),
  };
  const rows = [
    `${meshText(bucket)} for node operators, and nothing beyond it, since ${isoTime(start)}`,
    `  ceiling   ${meshText(ceiling)} by now; the DAO's pace is ${percentText(pace)} of the curve`,
    `  emitted   ${meshText(emitted)}, of which ${meshText(paid)} were paid to nodes and delegators`,
    `  waiting   ${meshText(unclaimed)} that nobody claimed yet`,
    `  returned  ${meshText(recyclable)} from absent nodes, emitted again with later words`,
    `  left      ${meshText(bucket - emitted)}`,
    `Each year emits ${percentText(decayBp)} of what the year before emitted:`,
    ...years.map(({ year, end, emission, total }) => yearRow({ year, end, emission, total, bucket, present })),
  ];
  print(command, result, rows.join("\n"));
}

interface YearRow {
  year: number;
  end: bigint;
  emission: bigint;
  total: bigint;
  bucket: bigint;
  present: number;
}

function yearRow({ year, end, emission, total, bucket, present }: YearRow): string {
  const millions = (Number(emission / 10n ** 18n) / 1e6).toFixed(2).padStart(6);
  const bar = "█".repeat(Math.round((Number((emission * FULL_BP) / bucket) / Number(FULL_BP)) * 200));
  const share = percentText((total * FULL_BP) / bucket);
  const mark = year === present ? "  <- now" : "";
  return `  year ${String(year).padStart(2)} until ${isoTime(end).slice(0, 10)}  ${millions} M  ${bar} ${share} in all${mark}`;
}
