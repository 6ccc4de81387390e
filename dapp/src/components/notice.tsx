import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

const TONES = {
  info: "bg-accent-soft border-accent/30",
  warn: "bg-warn-soft border-warn/40",
  bad: "bg-bad-soft border-bad/40",
} as const;

/** A short message in the flow of a page. */
export function Notice({
  tone = "info",
  children,
  action,
}: {
  tone?: keyof typeof TONES;
  children: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-3.5 py-2.5 text-sm ${TONES[tone]}`}
    >
      {tone !== "info" && (
        <span className={tone === "warn" ? "text-warn" : "text-bad"}>
          <Icon name="warning" />
        </span>
      )}
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {action}
    </div>
  );
}
