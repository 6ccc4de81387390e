import type { ReactNode } from "react";

/** Leads from a form to its preview, or away from it. */
export function FormButtons({
  preview,
  isDisabled = false,
  onCancel,
}: {
  preview: string;
  isDisabled?: boolean;
  onCancel: () => void;
}): ReactNode {
  return (
    <div className="flex flex-wrap gap-2">
      <button type="submit" className="button button-primary" disabled={isDisabled}>
        {preview}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Not now
      </button>
    </div>
  );
}
