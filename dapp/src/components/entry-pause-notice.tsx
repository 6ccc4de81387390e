import type { ReactNode } from "react";
import { useEntryPause } from "../hooks/use-entry-pauses.ts";
import type { EntryAreaName } from "../lib/entry-area.ts";
import { Notice } from "./notice.tsx";

/** Says that an area is paused; absent while it is open. */
export function EntryPauseNotice({ area }: { area: EntryAreaName }): ReactNode {
  const sentence = useEntryPause(area);
  return sentence && <Notice tone="warn">{sentence}</Notice>;
}
