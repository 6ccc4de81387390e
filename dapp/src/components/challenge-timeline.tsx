import type { ReactNode } from "react";
import type { ChallengeStory } from "../lib/challenge-story.ts";
import type { Challenge } from "../lib/challenge-view.ts";
import { formatTime } from "../lib/format.ts";
import { Panel } from "./panel.tsx";

interface Step {
  name: string;
  /** Unix seconds; undefined when it is not known. */
  at?: number | undefined;
  isDone: boolean;
}

/** Steps of a challenge from its making to its end. */
export function ChallengeTimeline({
  challenge,
  story,
}: {
  challenge: Challenge;
  story: ChallengeStory | undefined;
}): ReactNode {
  return (
    <Panel title="What happened">
      <ol className="grid gap-2">
        {stepsOf(challenge, story).map(({ name, at, isDone }) => (
          <li key={name} className="flex items-baseline gap-3" data-step={name} data-done={isDone}>
            <span
              aria-hidden="true"
              className={`size-2.5 shrink-0 rounded-full ${isDone ? "bg-accent" : "border-line border"}`}
            />
            <span className={isDone ? "" : "text-muted"}>{name}</span>
            {isDone && at !== undefined && <span className="text-muted ml-auto text-sm">{formatTime(at)}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function stepsOf({ state, responder }: Challenge, story: ChallengeStory | undefined): Step[] {
  const isOver = state === "Upheld" || state === "Dismissed";
  const isAnswered = responder !== undefined;
  const isOpened = state !== "Queued" && (story?.openedAt !== undefined || state === "Open" || !isAnswered);
  const end = !isOver ? "Ended" : state === "Dismissed" ? "Ended: the answer stood" : upheldWords(story);
  return [
    { name: "Made, with a bond", at: story?.madeAt, isDone: true },
    ...(isOpened || !isAnswered ? [{ name: "Clock started", at: story?.openedAt, isDone: isOpened }] : []),
    ...(isAnswered || !isOver ? [{ name: "Leaf shown", at: story?.answeredAt, isDone: isAnswered }] : []),
    { name: end, at: story?.closedAt, isDone: isOver },
  ];
}

function upheldWords(story: ChallengeStory | undefined): string {
  if (story?.outcome === "ProvenInvalid") return "Ended: the leaf was proven invalid";
  if (story?.outcome === "Expired") return "Ended: nobody answered in time";
  return "Ended: the leaf was withheld or invalid";
}
