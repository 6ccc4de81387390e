import type { ReactNode } from "react";
import type { ActionDraft, ActionKind, DraftContext } from "../lib/action-draft.ts";
import { ACTION_TEMPLATES, type ActionReading, newAction } from "../lib/action-templates.ts";
import { MAX_OPTIONS } from "../lib/round-templates.ts";
import { ActionFieldInput } from "./action-field-input.tsx";
import { Icon } from "./icon.tsx";

/** Kinds that can be chosen for an action; the others are options of rounds, or come from elsewhere. */
export const CHOSEN_KINDS = (Object.keys(ACTION_TEMPLATES) as ActionKind[]).filter(
  (kind) => kind !== "grant" && kind !== "preparedCall",
);

interface ActionEditorProps {
  action: ActionDraft;
  /** As in "Action 2". */
  label: string;
  context: DraftContext;
  /** Kinds to choose from. */
  kinds: readonly ActionKind[];
  /** What is wrong with a field; a field of an option is named as `options.0.value`. */
  problem: { field: string; problem: string } | undefined;
  onChange: (action: ActionDraft) => void;
  /** Absent where it cannot be taken away. */
  onRemove?: (() => void) | undefined;
}

/** The form of an action. */
export function ActionEditor(props: ActionEditorProps): ReactNode {
  const { action, label, context, kinds, problem, onChange, onRemove } = props;
  const { fields, title } = ACTION_TEMPLATES[action.kind];
  return (
    <fieldset className="border-line grid gap-3 rounded-lg border p-3 sm:p-4" data-action={action.kind}>
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-muted shrink-0 text-sm">{label}</span>
        {kinds.length > 1 ? (
          <KindChoice {...props} />
        ) : (
          <strong className="min-w-0 flex-1 font-medium">{action.kind === "grant" ? "" : title}</strong>
        )}
        {onRemove && (
          <button
            type="button"
            className="button button-quiet button-small"
            aria-label={`Remove ${label}`}
            onClick={onRemove}
          >
            <Icon name="cross" />
          </button>
        )}
      </div>
      {action.call && (
        <p className="text-muted text-sm">Made elsewhere, and taken as it is: read below what it does.</p>
      )}
      {fields.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2">
          {fields.map((field) => (
            <div key={field.name} className={field.isLong || fields.length === 1 ? "sm:col-span-full" : ""}>
              <ActionFieldInput
                {...{ field, context }}
                fields={action.fields}
                problem={problem?.field === field.name ? problem.problem : undefined}
                onChange={(text) => onChange({ ...action, fields: { ...action.fields, [field.name]: text } })}
              />
            </div>
          ))}
        </div>
      )}
      {action.options && <Options {...props} options={action.options} />}
    </fieldset>
  );
}

function KindChoice({ action, label, kinds, context, onChange }: ActionEditorProps): ReactNode {
  const groups = [...new Set(kinds.map((kind) => ACTION_TEMPLATES[kind].group))];
  return (
    <select
      className="field min-w-0 flex-1 basis-52"
      aria-label={`What ${label} does`}
      value={action.kind}
      onChange={(event) => onChange(newAction(event.target.value as ActionKind, context))}
    >
      {groups.map((group) => (
        <optgroup key={group} label={group}>
          {kinds
            .filter((kind) => ACTION_TEMPLATES[kind].group === group)
            .map((kind) => (
              <option key={kind} value={kind}>
                {ACTION_TEMPLATES[kind].title}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

/** What can be voted for in a round. */
function Options({
  action,
  label,
  context,
  problem,
  options,
  onChange,
}: ActionEditorProps & { options: readonly ActionDraft[] }): ReactNode {
  const kinds = ACTION_TEMPLATES[action.kind].optionKinds ?? [];
  const [first] = kinds;
  const change = (changed: readonly ActionDraft[]): void => onChange({ ...action, options: changed });
  return (
    <div className="grid gap-3">
      {options.map((option, i) => (
        <ActionEditor
          key={i}
          {...{ context, kinds }}
          action={option}
          label={`${label}, option ${i}`}
          problem={optionProblem(problem, i)}
          onChange={(changed) => change(options.with(i, changed))}
          onRemove={options.length > 2 ? () => change(options.toSpliced(i, 1)) : undefined}
        />
      ))}
      {first && options.length < MAX_OPTIONS && (
        <div>
          <button
            type="button"
            className="button button-small"
            onClick={() => change([...options, newAction(first, context)])}
          >
            Add an option
          </button>
        </div>
      )}
    </div>
  );
}

function optionProblem(problem: ActionEditorProps["problem"], i: number): ActionEditorProps["problem"] {
  const prefix = `options.${i}.`;
  return problem?.field.startsWith(prefix) ? { ...problem, field: problem.field.slice(prefix.length) } : undefined;
}

/** Why an action cannot be read yet; undefined when it can. */
export function problemOf(reading: ActionReading | undefined): ActionEditorProps["problem"] {
  return reading && "problem" in reading ? reading : undefined;
}
