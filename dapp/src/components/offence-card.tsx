import type { ReactNode } from "react";
import { Link } from "react-router";
import { useConnection } from "wagmi";
import { paySlashPlan } from "../flows/pay-slash.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount, formatDuration, formatMesh, formatTime } from "../lib/format.ts";
import type { OffenceKind, OffenceView, SlashView } from "../lib/offence-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";

const WORDS: Record<OffenceKind, { word: string; sentence: string }> = {
  ForgedReport: {
    word: "Forged report",
    sentence: "They signed a report with a leaf that is invalid or was withheld.",
  },
  Forgery: {
    word: "Forgery, proven",
    sentence: "Its ML-DSA-65 signature is on a report with a leaf that is invalid or was withheld.",
  },
  Equivocation: { word: "Equivocation", sentence: "It signed two different reports of one round." },
  Omission: {
    word: "Omission",
    sentence: "It acknowledged an attestation and signed a report that names its node absent.",
  },
};

/** Name of a kind of offence. */
export function offenceWord(kind: OffenceKind): string {
  return WORDS[kind].word;
}

/** An offence: what was done, who lost how much, and where the funds are. */
export function OffenceCard({
  offence,
  onPlan,
}: {
  offence: OffenceView;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { kind, isProven, epoch, shard, members, slash, timestamp, transaction } = offence;
  return (
    <article className="border-line grid gap-3 border-t px-4 py-4 sm:px-5" data-offence={kind}>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="font-semibold">
          {WORDS[kind].word}
          {epoch !== undefined && (
            <span className="text-muted font-normal">
              {" "}
              in epoch{" "}
              {shard === undefined ? (
                formatCount(epoch)
              ) : (
                <Link className="link" to={`/reports/${shard}/${epoch}`}>
                  {formatCount(epoch)}
                </Link>
              )}
            </span>
          )}
        </h3>
        {timestamp !== undefined && <span className="text-muted text-sm">{formatTime(timestamp)}</span>}
      </header>
      <p className="text-sm">
        {WORDS[kind].sentence}{" "}
        <span className="text-muted">
          {isProven
            ? "Checked on chain with ML-DSA-65: barred for ever."
            : "ECDSA evidence alone: a small share, and jail for a time."}
        </span>
      </p>
      <ul className="grid gap-1 text-sm">
        {members.map(({ relayer, amount, frozenUntil }) => (
          <li key={relayer} className="flex flex-wrap items-center justify-between gap-x-4">
            <Copyable value={relayer} label="address of the relayer" />
            <span>
              −{formatMesh(amount)} MESH <span className="text-muted">· jailed until {formatTime(frozenUntil)}</span>
            </span>
          </li>
        ))}
      </ul>
      {slash ? <SlashLine slash={slash} onPlan={onPlan} /> : <p className="text-muted text-sm">No bond was touched.</p>}
      <p className="text-muted text-sm">
        Transaction <Copyable value={transaction} label="transaction hash" lead={10} tail={8} />
      </p>
    </article>
  );
}

function SlashLine({ slash, onPlan }: { slash: SlashView; onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds } = useChainTime();
  const { id, amount, reward, reporter, payableAt, state } = slash;
  const isDue = state === "Frozen" && seconds !== undefined && payableAt <= seconds;
  return (
    <div className="bg-well flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg p-3 text-sm">
      <span data-slash={id} data-state={state}>
        <strong>Slash {id}</strong>: {formatMesh(amount)} MESH {slashWords(slash, seconds)}
        {reporter && (
          <span className="text-muted block">
            {formatMesh(reward)} MESH of it for <Copyable value={reporter} label="address of the reporter" />
          </span>
        )}
      </span>
      {isDue && address && (
        <button
          type="button"
          className="button button-small"
          onClick={() => onPlan(paySlashPlan(config.contracts.RelayerCommittee, slash))}
        >
          Pay out
        </button>
      )}
    </div>
  );
}

function slashWords({ state, payableAt }: SlashView, seconds: number | undefined): string {
  if (state === "Paid") return "paid to reporter and treasury.";
  if (state === "Pardoned") return "given back by the DAO.";
  if (seconds === undefined) return `frozen until ${formatTime(payableAt)}.`;
  return payableAt <= seconds
    ? "frozen; anyone can pay them out now."
    : `frozen for another ${formatDuration(payableAt - seconds)}.`;
}
