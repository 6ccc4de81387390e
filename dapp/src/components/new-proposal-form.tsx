import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import type { ActionDraft } from "../lib/action-draft.ts";
import { newAction } from "../lib/action-templates.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useTypedTokens } from "../hooks/use-new-proposal.ts";
import { useSettledCalls } from "../hooks/use-settled-calls.ts";
import { contextOf, type NewProposal, proposalProblem, readActions } from "../lib/proposal-form.ts";
import { type DraftFacts, draftContext } from "../lib/proposal-terms.ts";
import { ActionEditor, CHOSEN_KINDS, problemOf } from "./action-editor.tsx";
import { readAddress } from "./address-field.tsx";
import { CallsFileField } from "./calls-file-field.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";
import { ProposeBar } from "./propose-bar.tsx";
import { SimulationPanel } from "./simulation-panel.tsx";

/** Milliseconds without a key press after which calls are run. */
const PAUSE_MS = 500;

/** What a draft begins with. */
export interface ProposalStart {
  title: string;
  actions: readonly ActionDraft[];
}

/** Puts a proposal together without calldata, shows what it would do, and proposes it. */
export function NewProposalForm({ facts, start }: { facts: DraftFacts; start?: ProposalStart }): ReactNode {
  const { seconds = 0 } = useChainTime();
  // Times in calls count from the moment of the last change, so that they stay as they are while they are read.
  const [madeAt, setMadeAt] = useState(() => Math.floor(seconds));
  const typed = draftContext(facts, madeAt, new Map());
  const [draft, setDraft] = useState<NewProposal>(() => ({
    ...{ title: start?.title ?? "", reasons: "" },
    actions: start?.actions ?? [newAction("parameter", typed)],
  }));
  const { actions } = draft;
  const context = draftContext(facts, madeAt, useTypedTokens(addressesOf(actions)));
  const readings = readActions(actions, context);
  const calls = readings.flatMap((reading) => ("call" in reading ? [reading.call] : []));
  const isWhole = calls.length === actions.length;
  const change = (changes: Partial<NewProposal>): void => {
    setDraft({ ...draft, ...changes });
    setMadeAt(Math.floor(seconds));
  };
  const setActions = (changed: readonly ActionDraft[]): void => change({ actions: changed });
  return (
    <>
      <Panel title="Actions" hint="What the timelock does if the proposal passes: all of it in this order, or nothing.">
        <div className="grid gap-3">
          {actions.map((action, i) => (
            <ActionEditor
              key={i}
              {...{ action }}
              label={`Action ${i + 1}`}
              context={contextOf(actions.slice(0, i), context)}
              kinds={action.kind === "preparedCall" ? [] : CHOSEN_KINDS}
              problem={problemOf(readings[i])}
              onChange={(changed) => setActions(actions.with(i, changed))}
              onRemove={actions.length > 1 ? () => setActions(actions.toSpliced(i, 1)) : undefined}
            />
          ))}
          <div className="flex flex-wrap items-center gap-2">
            <button
              type="button"
              className="button"
              onClick={() => setActions([...actions, newAction("parameter", context)])}
            >
              Add an action
            </button>
            <CallsFileField
              onRead={({ calls: made, description }) =>
                change({ actions: made.map(preparedAction), ...(description && { reasons: description }) })
              }
            />
          </div>
        </div>
      </Panel>
      <Simulation calls={calls} executableAt={context.executableAt} />
      <Panel title="Why" hint="Published with the proposal for ever. Others read the calls first, and this second.">
        <Texts draft={draft} onChange={change} />
      </Panel>
      <ProposeBar
        {...{ draft, calls, facts }}
        problem={isWhole ? proposalProblem(draft) : "Fill in every action."}
        executableAt={context.executableAt}
        onPreview={() => setMadeAt(Math.floor(seconds))}
      />
    </>
  );
}

/** An action that is a call made elsewhere. */
export function preparedAction(call: GovernanceCall): ActionDraft {
  return { kind: "preparedCall", fields: {}, call };
}

function Simulation({ calls, executableAt }: { calls: readonly GovernanceCall[]; executableAt: number }): ReactNode {
  const settled = useSettledCalls(calls, PAUSE_MS);
  if (settled.length === 0) {
    return (
      <Panel title="What it does">
        <p className="text-muted text-sm">Fill in an action, and read here what it says and what it would do.</p>
      </Panel>
    );
  }
  return <SimulationPanel calls={settled} {...{ executableAt }} />;
}

function Texts({
  draft: { title, reasons },
  onChange,
}: {
  draft: NewProposal;
  onChange: (changes: Partial<NewProposal>) => void;
}): ReactNode {
  return (
    <div className="grid gap-3">
      <Field label="Title">
        {(props) => (
          <input
            {...props}
            className="field"
            autoComplete="off"
            value={title}
            onChange={(event) => onChange({ title: event.target.value })}
          />
        )}
      </Field>
      <Field label="Reasons" hint="Markdown, if you like. Links to what supports it help voters.">
        {(props) => (
          <textarea
            {...props}
            className="field"
            rows={5}
            value={reasons}
            onChange={(event) => onChange({ reasons: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** Addresses of tokens that were typed, in actions and in their options. */
function addressesOf(actions: readonly ActionDraft[]): Address[] {
  const all = actions.flatMap((action) => [action, ...(action.options ?? [])]);
  const typed = all.flatMap(({ kind, fields }) => (kind === "allowToken" ? [readAddress(fields.token ?? "")] : []));
  return typed.filter((address) => address !== undefined);
}
