import type { ReactNode } from "react";
import { Link } from "react-router";
import { useConnection } from "wagmi";
import { challengePlan } from "../flows/challenge-leaf.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useChallengeChance, useChallengeTerms } from "../hooks/use-dispute-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { ChallengeTerms } from "../lib/challenge-view.ts";
import { formatCount, formatDuration, formatEther, formatTime } from "../lib/format.ts";
import { listedNodes, type ReportDetail } from "../lib/report-detail.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Asks for the leaf of a node: what it costs, what happens next, and why it cannot be asked for. */
export function ChallengePanel({
  detail,
  nodeIndex,
  onChoose,
  onPlan,
}: {
  detail: ReportDetail;
  /** Node chosen. */
  nodeIndex: number | undefined;
  onChoose: (nodeIndex: number | undefined) => void;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const terms = useChallengeTerms();
  const { report } = detail;
  const problem = nodeIndex === undefined ? undefined : leafProblem(detail, nodeIndex);
  return (
    <Panel
      title="Check or challenge a leaf"
      hint="The signers say that every node they do not list attested. Check it yourself; if no relayer shows you the attestation, make them show it on chain."
    >
      <div className="grid gap-4">
        <Field
          label="Node"
          problem={problem}
          hint={`A node of shard ${report.shard} that the report does not name absent.`}
        >
          {(props) => (
            <input
              {...props}
              className="field max-w-40"
              inputMode="numeric"
              autoComplete="off"
              placeholder={String(report.shard * SHARD_SIZE)}
              value={nodeIndex ?? ""}
              onChange={(event) => onChoose(natural(event.target.value.trim()))}
            />
          )}
        </Field>
        {nodeIndex !== undefined && !problem && (
          <QueryView query={terms}>{(known) => <Chance {...{ detail, nodeIndex, onPlan }} terms={known} />}</QueryView>
        )}
      </div>
    </Panel>
  );
}

function Chance({
  detail,
  nodeIndex,
  terms,
  onPlan,
}: {
  detail: ReportDetail;
  nodeIndex: number;
  terms: ChallengeTerms;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds } = useChainTime();
  const chance = useChallengeChance(nodeIndex, Number(detail.report.epoch));
  return (
    <QueryView query={chance}>
      {({ deadline, existing }) => {
        if (existing !== undefined) {
          return (
            <Notice>
              This leaf was challenged already:{" "}
              <Link className="link" to={`/challenges/${existing}`}>
                challenge {existing}
              </Link>
              .
            </Notice>
          );
        }
        const left = seconds === undefined ? undefined : deadline - seconds;
        if (left !== undefined && left <= 0) {
          return (
            <Notice>
              This leaf could be challenged until {formatTime(deadline)}. An invalid leaf can still be proven so by
              whoever holds it: <code className="bg-well rounded px-1">pqmesh prove-invalid</code>.
            </Notice>
          );
        }
        const send = (): void => {
          onPlan(challengePlan({ disputes: config.contracts.AttestationDisputes, detail, nodeIndex, terms }));
        };
        return (
          <div className="grid gap-3">
            <Steps terms={terms} />
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              {address ? (
                <button type="button" className="button button-primary" onClick={send}>
                  Preview challenge for {formatEther(terms.bond)} ETH
                </button>
              ) : (
                <ConnectDialog label="Connect a wallet to challenge" />
              )}
              {left !== undefined && (
                <span className="text-muted text-sm" data-testid="challenge-deadline">
                  Possible for another {formatDuration(left)}
                </span>
              )}
            </div>
          </div>
        );
      }}
    </QueryView>
  );
}

function Steps({ terms: { bond, answerPeriod, open, queued } }: { terms: ChallengeTerms }): ReactNode {
  const period = formatDuration(answerPeriod);
  return (
    <ol className="text-muted grid list-decimal gap-1 pl-5 text-sm">
      <li>
        You leave a bond of <strong className="text-ink">{formatEther(bond)} ETH</strong>, twice or more what an answer
        costs. {formatCount(open)} challenges are open{queued > 0n && `, and ${formatCount(queued)} wait before yours`}.
      </li>
      <li>Signers have {period} to show the leaf. Whoever shows a valid one gets your bond.</li>
      <li>A shown leaf can be proven invalid for another {period}, by anyone.</li>
      <li>
        Withheld or invalid: the node counts as absent, the signers are jailed and lose a share of their bonds, and you
        get your bond back and a reward.
      </li>
    </ol>
  );
}

function leafProblem({ report }: ReportDetail, nodeIndex: number): string | undefined {
  const first = report.shard * SHARD_SIZE;
  if (nodeIndex < first || nodeIndex >= first + SHARD_SIZE) {
    return `Shard ${report.shard} has the nodes ${first} to ${first + SHARD_SIZE - 1}.`;
  }
  if (listedNodes(report, report.absent).includes(nodeIndex)) {
    return `The report names node ${nodeIndex} absent, so it claims no leaf of it. Its operator can prove the contrary: pqmesh self-attest.`;
  }
  return undefined;
}
