import { formatMesh } from "./format.ts";
import type { SlashProposalView } from "./slash-proposals.ts";

/** Where the bonds of a proposed slash are, or where they went, in one sentence. */
export function slashBonds({ state, outcome, bond, disputer }: SlashProposalView): string {
  const amount = `${formatMesh(bond)} MESH`;
  if (state === "Open") return `The proposer bonds ${amount}, and so does who disputes it.`;
  if (state === "Disputed") return `Each side bonds ${amount}.`;
  if (state === "Upheld") {
    return `The proposer has its bond of ${amount} back; the disputer's is held until the execution pays it to the proposer, or a veto to the treasury.`;
  }
  switch (outcome) {
    case "Executed":
      return disputer
        ? `The proposer has its bond of ${amount} back, and the disputer's.`
        : `The proposer has its bond of ${amount} back.`;
    case "Withdrawn":
      return `The proposer has three quarters of its bond of ${amount} back; a quarter went to the treasury.`;
    case "DisputerWon":
      return `The disputer has its bond of ${amount} back, and the proposer's.`;
    case "Vetoed":
      return disputer
        ? `The disputer's bond of ${amount} went to the treasury; the proposer has its own back.`
        : `The proposer's bond of ${amount} went to the treasury.`;
    case "Lapsed":
      return `The disputer has its bond of ${amount} back, the proposer three quarters of its own; a quarter went to the treasury.`;
    case undefined:
      return `Each side bonded ${amount}.`;
  }
}
