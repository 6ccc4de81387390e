import { type ChangeEvent, type ReactNode, useState } from "react";
import { type Address, type Hex, keccak256, toHex } from "viem";
import { proposeSlashPlan } from "../flows/propose-slash.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import { formatBp, formatMesh, shorten } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { readProposalDraft } from "../lib/proposal-draft.ts";
import { readSmallFile } from "../lib/read-small-file.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";

/** Bytes of the longest file that is hashed here. */
const MAX_EVIDENCE_BYTES = 16 * 1_048_576;

/** Asks what a node is accused of. */
export function ProposeSlashForm({
  wallet,
  table,
  onPlan,
}: {
  wallet: Address;
  table: NetworkParameterTable;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { epoch: running } = useChainTime(2_000);
  const { SlashProposals: proposals, MeshToken: token } = config.contracts;
  const spendable = useSpendable(wallet, proposals).data;
  const [draft, setDraft] = useState({ node: "", epoch: "", percent: "" });
  const [evidence, setEvidence] = useState<{ hash: Hex; name: string }>();
  const number = (name: string): bigint => parameterValue(table, name);
  const bond = number("slashProposalBond");
  const maxBp = Number(number("slashProposedMaxBp"));
  const reading = readProposalDraft(draft, { running: running ?? 0, maxBp });
  const isTyped = Object.values(draft).every((text) => text !== "");
  const problem = "problem" in reading ? reading.problem : undefined;
  const canBond = spendable !== undefined && spendable.mesh >= bond;
  const submit = (): void => {
    if ("problem" in reading || !evidence || !spendable) return;
    onPlan(
      proposeSlashPlan({
        ...{ proposals, token, bond, allowance: spendable.allowance, evidence: evidence.hash, ...reading },
        disputePeriod: Number(number("disputePeriod")),
        vetoPeriod: Number(number("vetoPeriod")),
      }),
    );
  };
  const field = (key: keyof typeof draft, label: string, hint: string): ReactNode => (
    <Field label={label} hint={hint}>
      {(props) => (
        <input
          {...props}
          className="field"
          inputMode="decimal"
          autoComplete="off"
          value={draft[key]}
          onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {field("node", "Node", "Index of the accused node")}
        {field("epoch", "Epoch of the offence", running === undefined ? "" : `The network is in epoch ${running}`)}
        {field("percent", "Share of its stake, %", `At most ${formatBp(maxBp, 0)}`)}
      </div>
      <EvidenceField evidence={evidence} onEvidence={setEvidence} />
      {isTyped && problem && <p className="text-bad text-sm">{problem}</p>}
      {spendable && !canBond && (
        <p className="text-warn text-sm">The bond is {formatMesh(bond)} MESH; this wallet holds less.</p>
      )}
      <div>
        <button
          type="submit"
          className="button button-primary"
          disabled={!isTyped || problem !== undefined || !evidence || !canBond}
        >
          Preview proposal
        </button>
      </div>
    </form>
  );
}

function EvidenceField({
  evidence,
  onEvidence,
}: {
  evidence: { hash: Hex; name: string } | undefined;
  onEvidence: (evidence: { hash: Hex; name: string } | undefined) => void;
}): ReactNode {
  const [problem, setProblem] = useState<string>();
  const readFile = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    if (!file) return;
    const bytes = await readSmallFile(file, MAX_EVIDENCE_BYTES).catch((error: Error) => error);
    setProblem(bytes instanceof Error ? bytes.message : undefined);
    onEvidence(bytes instanceof Error ? undefined : { hash: keccak256(bytes), name: file.name });
  };
  return (
    <Field
      label="Evidence"
      problem={problem}
      hint={
        evidence
          ? `keccak256 of ${evidence.name}: ${shorten(evidence.hash, 10, 8)}`
          : "Text, or a link to what you publish; only its hash goes on chain."
      }
    >
      {(props) => (
        <div className="grid gap-2 sm:grid-cols-[1fr_auto]">
          <textarea
            {...props}
            className="field"
            rows={2}
            onChange={({ target: { value } }) =>
              onEvidence(value.trim() === "" ? undefined : { hash: keccak256(toHex(value.trim())), name: "the text" })
            }
          />
          <label className="button focus-within:outline-accent h-fit cursor-pointer focus-within:outline-2">
            Or choose a file
            <input type="file" className="sr-only" onChange={(event) => void readFile(event)} />
          </label>
        </div>
      )}
    </Field>
  );
}
