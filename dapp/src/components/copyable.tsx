import { type ReactNode, useState } from "react";
import { shorten, withChecksum } from "../lib/format.ts";
import { Icon } from "./icon.tsx";

/** A hex value or DID, shortened, with a button that copies all of it. */
export function Copyable({
  value: given,
  label,
  lead,
  tail,
  full = false,
  verbatim = false,
}: {
  value: string;
  /** What it is, for people who cannot see it. */
  label: string;
  lead?: number;
  tail?: number;
  full?: boolean;
  /** It is no address, so that it gets no checksum. */
  verbatim?: boolean;
}): ReactNode {
  const value = verbatim ? given : withChecksum(given);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span className="inline-flex max-w-full items-center gap-1 align-bottom">
      <span title={value} className={`font-mono text-[0.92em] ${full ? "break-all" : "whitespace-nowrap"}`}>
        {full ? value : shorten(value, lead, tail)}
      </span>
      <button
        type="button"
        className="text-muted hover:text-ink inline-grid size-6 shrink-0 place-items-center rounded"
        aria-label={copied ? `${label} copied` : `Copy ${label}`}
        onClick={() => void copy()}
      >
        <Icon name={copied ? "check" : "copy"} size={14} />
      </button>
    </span>
  );
}
