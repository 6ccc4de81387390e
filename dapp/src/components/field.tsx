import { type ReactNode, useId } from "react";

/** What the control of a field must be told, so that label, hint and problem belong to it. */
export interface ControlProps {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

/** A labelled control with a hint and, when there is one, the problem with its value. */
export function Field({
  label,
  hint,
  problem,
  children,
}: {
  label: string;
  hint?: ReactNode;
  problem?: string | undefined;
  children: (props: ControlProps) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, "aria-invalid": problem !== undefined, "aria-describedby": `${id}-help` })}
      <div id={`${id}-help`} className="text-sm">
        {problem ? <p className="text-bad">{problem}</p> : hint && <div className="text-muted">{hint}</div>}
      </div>
    </div>
  );
}
