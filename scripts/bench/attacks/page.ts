import { ASSUMPTIONS, AWAKE, BRIBE, FREE_MESH } from "./assumptions.ts";
import type { AttackFigures } from "./measure.ts";

const mesh = (amount: number): string => amount.toLocaleString("en").replace("-", "−");
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Pads the cells of a Markdown table, the first two columns to the left, figures to the right. */
function markdownTable(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))),
  );
  const rule = line(widths.map((width, i) => (i < 2 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  return [padded[0] ?? "", rule, ...padded.slice(1)];
}

/** The figures with everything that they rest on, as the page of the docs. */
export function attacksPage(figures: readonly AttackFigures[]): string {
  const header = ["attack", "without its defence", "attack (MESH)", "honest", "undefended", "succeeds", "undefended"];
  const rows = figures.map(({ strategy, attacker, honest, control, successes, controlSuccesses }) => [
    `\`${strategy.name}\`: ${strategy.attack}`,
    strategy.withoutDefence,
    ...[attacker, honest, control].map(mesh),
    ...[successes, controlSuccesses].map(percent),
  ]);
  const holders = AWAKE.tokens.map((share) => Math.round(share * FREE_MESH * BRIBE)) as [number, number];
  return [
    "# What attacks on the vote cost and bring",
    "",
    "Written by `npm run bench:attacks -- --write docs/ATTACKS.md`: each attack is carried out on the real contracts with the parameters of",
    "production, in every world with its defence and without it. Figures are the average over all worlds: what the attack brings",
    "less bribes, lost bonds and gas; what the same MESH earns when it is staked honestly for the same time; and the attack where",
    "the one defence is off. An attack should bring less than honesty, and more without its defence.",
    "",
    ...markdownTable([header, ...rows]),
    "",
    "## What the figures rest on",
    "",
    ...ASSUMPTIONS.map((sentence) => `- ${sentence}`),
    "",
    "## Where the defence ends",
    "",
    "- Both houses together are the DAO. Who outvotes the awake holders and has more units than the awake identities passes what",
    "  it likes; then only the guardian, while it is there, and the approver of critical calls stand in the way.",
    "- Operators register as they please: S MESH over fake ones have S / 100 units in the identity house at a least stake of 10,000",
    "  MESH. Of the some 4,200 units of these populations a quarter is outvoted with 110,000 MESH of stake, six tenths with 260,000;",
    "  with the token house won as well, that pays. Seven fakes, 70,000 MESH, fill the quorum of what nobody looks at.",
    `- Bribes are cheap where few are awake. They buy one house; as many votes of holders as are awake cost ${mesh(holders[0])} to`,
    `  ${mesh(holders[1])} MESH more at the same price, and then the attack brings what the column without the defence says, less that.`,
    "- Who holds a tenth of the votable supply blocks what no other holder votes for.",
    "",
  ].join("\n");
}
