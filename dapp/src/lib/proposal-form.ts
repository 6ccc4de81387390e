import { type ActionDraft, type DraftContext } from "./action-draft.ts";
import { type ActionReading, readAction } from "./action-templates.ts";

/** Longest texts of a proposal, in characters: they are published with it and paid for by the byte. */
const MAX_TITLE = 160;
const MAX_DESCRIPTION = 20_000;
/** Most calls of a proposal: more do not fit a transaction that is executed. */
const MAX_ACTIONS = 64;

/** A proposal as somebody types it. */
export interface NewProposal {
  title: string;
  reasons: string;
  actions: readonly ActionDraft[];
}

/** Reads every action; seasons that earlier actions open can be named by later ones. */
export function readActions(actions: readonly ActionDraft[], context: DraftContext): ActionReading[] {
  return actions.map((action, i) => readAction(action, contextOf(actions.slice(0, i), context)));
}

/** What an action is checked against after those before it in the same proposal. */
export function contextOf(before: readonly ActionDraft[], context: DraftContext): DraftContext {
  const opened = before.filter(({ kind }) => kind === "openSeason").map((_, i) => context.nextSeason + i);
  return {
    ...context,
    nextSeason: context.nextSeason + opened.length,
    openSeasons: [...context.openSeasons, ...opened],
  };
}

/** What is wrong with the texts, or with the number of actions; undefined when nothing is. */
export function proposalProblem({ title, reasons, actions }: NewProposal): string | undefined {
  if (actions.length === 0) return "Add at least one action.";
  if (actions.length > MAX_ACTIONS) return `A proposal has at most ${MAX_ACTIONS} actions; this has ${actions.length}.`;
  if (title.trim() === "") return "Give it a title.";
  if (title.trim().length > MAX_TITLE) {
    return `The title has ${title.trim().length} characters, at most ${MAX_TITLE} are allowed.`;
  }
  const { length } = descriptionOf({ title, reasons });
  if (length <= MAX_DESCRIPTION) return undefined;
  return `Title and reasons have ${length} characters, at most ${MAX_DESCRIPTION} are allowed.`;
}

/** Title and reasons as they are published: the first line is the title. */
export function descriptionOf({ title, reasons }: Pick<NewProposal, "title" | "reasons">): string {
  return `# ${title.trim()}\n\n${reasons.trim()}`.trim();
}
