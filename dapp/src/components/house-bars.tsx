import type { ReactNode } from "react";
import { formatMesh, formatVotingUnits } from "../lib/format.ts";
import { type ProposalStanding, proposalMarks } from "../lib/proposal-state.ts";

/** Part of a bar. */
interface BarPart {
  amount: bigint;
  className: string;
}

/** A line across a bar, at which something happens. */
interface BarMark {
  at: bigint;
  words: string;
}

/** A bar with its name and figure. */
interface Bar {
  name: string;
  figure: string;
  parts: readonly BarPart[];
  mark?: BarMark;
}

interface House {
  title: string;
  bars: readonly Bar[];
}

const FOR = "bg-[var(--ok-fill)]";
const AGAINST = "bg-[var(--bad-fill)]";
const ABSTAIN = "bg-[var(--off-fill)]";

/** What both houses have counted, as bars with the marks that decide. */
export function HouseBars({ standing, small = false }: { standing: ProposalStanding; small?: boolean }): ReactNode {
  return (
    <div className={`grid gap-x-8 gap-y-4 ${small ? "grid-cols-2 gap-x-4" : "md:grid-cols-2"}`}>
      {[identityHouse(standing), tokenHouse(standing)].map((house) =>
        small ? <SmallHouse key={house.title} house={house} /> : <WholeHouse key={house.title} house={house} />,
      )}
    </div>
  );
}

function identityHouse(standing: ProposalStanding): House {
  const { units } = standing;
  const { quorum, vetoQuorum } = proposalMarks(standing);
  return {
    title: "Identity house",
    bars: [
      {
        name: units.abstain > 0n ? "For, then abstaining" : "For",
        figure: formatVotingUnits(units.for) + (units.abstain > 0n ? ` + ${formatVotingUnits(units.abstain)}` : ""),
        parts: [
          { amount: units.for, className: FOR },
          { amount: units.abstain, className: ABSTAIN },
        ],
        ...(quorum !== undefined && { mark: { at: quorum, words: `Quorum ${formatVotingUnits(quorum)}` } }),
      },
      {
        name: "Against",
        figure: formatVotingUnits(units.against),
        parts: [{ amount: units.against, className: AGAINST }],
        ...(vetoQuorum !== undefined && { mark: { at: vetoQuorum, words: `Veto ${formatVotingUnits(vetoQuorum)}` } }),
      },
    ],
  };
}

function tokenHouse(standing: ProposalStanding): House {
  const { tokens } = standing;
  const { tokenVeto } = proposalMarks(standing);
  return {
    title: "Token house",
    bars: [
      { name: "For", figure: `${formatMesh(tokens.for)} MESH`, parts: [{ amount: tokens.for, className: FOR }] },
      {
        name: "Against",
        figure: `${formatMesh(tokens.against)} MESH`,
        parts: [{ amount: tokens.against, className: AGAINST }],
        mark: { at: tokenVeto, words: `Veto ${formatMesh(tokenVeto)} MESH` },
      },
    ],
  };
}

function WholeHouse({ house }: { house: House }): ReactNode {
  const scale = scaleOf(house);
  return (
    <div className="grid content-start gap-3" data-house={house.title}>
      <h3 className="eyebrow">{house.title}</h3>
      {house.bars.map((bar) => (
        <div key={bar.name}>
          <p className="flex flex-wrap justify-between gap-x-3 text-sm">
            <span>{bar.name}</span>
            <span className="font-semibold">{bar.figure}</span>
          </p>
          <Track bar={bar} scale={scale} className="h-3.5" />
          <p className="text-muted mt-0.5 min-h-5 text-xs">{bar.mark && `┃ ${bar.mark.words}`}</p>
        </div>
      ))}
    </div>
  );
}

function SmallHouse({ house }: { house: House }): ReactNode {
  const scale = scaleOf(house);
  return (
    <div className="grid content-start gap-1" data-house={house.title}>
      <p className="text-muted text-xs">{house.title}</p>
      {house.bars.map((bar) => (
        <Track key={bar.name} bar={bar} scale={scale} className="h-2" />
      ))}
    </div>
  );
}

function Track({ bar, scale, className }: { bar: Bar; scale: bigint; className: string }): ReactNode {
  const { name, figure, parts, mark } = bar;
  return (
    <div
      role="img"
      aria-label={`${name} ${figure}${mark ? `. ${mark.words}` : ""}`}
      className={`bg-well border-line relative flex overflow-hidden rounded-sm border ${className}`}
    >
      {parts.map((part) => (
        <span key={part.className} className={part.className} style={{ width: `${percentOf(part.amount, scale)}%` }} />
      ))}
      {mark && <span className="bg-ink absolute inset-y-0 w-0.5" style={{ left: `${percentOf(mark.at, scale)}%` }} />}
    </div>
  );
}

/** Both bars of a house have one scale, in which every bar and mark has room. */
function scaleOf({ bars }: House): bigint {
  const ends = bars.flatMap(({ parts, mark }) => [parts.reduce((sum, { amount }) => sum + amount, 0n), mark?.at ?? 0n]);
  const longest = ends.reduce((most, end) => (end > most ? end : most), 1n);
  return longest + longest / 20n + 1n;
}

function percentOf(amount: bigint, scale: bigint): number {
  return Number((amount * 10_000n) / scale) / 100;
}
