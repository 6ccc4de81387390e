import type { ReactNode } from "react";
import { formatMesh } from "../lib/format.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { maturedAmount, type OrderDraft } from "../lib/order-draft.ts";
import { Field } from "./field.tsx";

/** The fields that an operation needs. */
export function OrderFields({
  draft,
  operator,
  now,
  onChange,
}: {
  draft: OrderDraft;
  operator: OperatorAccount;
  /** Chain time, Unix seconds. */
  now: number;
  onChange: (changes: Partial<OrderDraft>) => void;
}): ReactNode {
  switch (draft.operation) {
    case "Unbond":
    case "Withdraw":
      return (
        <>
          <NodeField {...{ draft, operator, onChange }} />
          <AmountOfOrder {...{ draft, operator, now, onChange }} />
        </>
      );
    case "ExitNode":
      return <NodeField {...{ draft, operator, onChange }} />;
    case "ProposeOwner":
    case "ProposeBeneficiary":
      return (
        <TextField
          label={draft.operation === "ProposeOwner" ? "New owner" : "New payout address"}
          placeholder="0x…"
          value={draft.recipient}
          onChange={(recipient) => onChange({ recipient })}
        />
      );
    case "ChangeRootKey":
      return (
        <TextField
          label="New root key"
          placeholder="64 hex digits"
          value={draft.newRootKey}
          onChange={(newRootKey) => onChange({ newRootKey })}
        />
      );
    case "Lock":
    case "Unlock":
    case "CancelChanges":
      return null;
  }
}

function NodeField({
  draft,
  operator,
  onChange,
}: {
  draft: OrderDraft;
  operator: OperatorAccount;
  onChange: (changes: Partial<OrderDraft>) => void;
}): ReactNode {
  return (
    <Field label="Node">
      {(props) => (
        <select
          {...props}
          className="field"
          value={draft.nodeIndex ?? ""}
          onChange={(event) => onChange({ nodeIndex: Number(event.target.value) })}
        >
          {operator.nodes.map(({ nodeIndex }) => (
            <option key={nodeIndex} value={nodeIndex}>
              Node {nodeIndex}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function AmountOfOrder({
  draft: { operation, nodeIndex, amount },
  operator,
  now,
  onChange,
}: {
  draft: OrderDraft;
  operator: OperatorAccount;
  now: number;
  onChange: (changes: Partial<OrderDraft>) => void;
}): ReactNode {
  const node = operator.nodes.find((own) => own.nodeIndex === nodeIndex);
  const most = !node ? 0n : operation === "Unbond" ? node.stake : maturedAmount(node, now);
  return (
    <TextField
      label="MESH"
      hint={operation === "Unbond" ? `${formatMesh(most)} bonded` : `${formatMesh(most)} matured`}
      placeholder="everything"
      value={amount}
      onChange={(text) => onChange({ amount: text })}
    />
  );
}

function TextField({
  label,
  hint,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <input
          {...props}
          className="field"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
