import type { ReactNode } from "react";
import { Notice } from "./notice.tsx";

/** What something breaks, one sentence each. */
export function EffectsNotice({ effects }: { effects: readonly string[] }): ReactNode {
  return (
    <Notice tone="warn">
      <p className="font-medium">What it breaks</p>
      <ul className="list-disc pl-5" data-testid="revocation-effects">
        {effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
    </Notice>
  );
}
