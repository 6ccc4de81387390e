import { type ReactNode, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { ChallengePanel } from "../components/challenge-panel.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { QueryView } from "../components/query-view.tsx";
import { ReportFacts } from "../components/report-facts.tsx";
import { ReportLists } from "../components/report-lists.tsx";
import { ReportSigners } from "../components/report-signers.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { VerifyPanel } from "../components/verify-panel.tsx";
import { useReport, useReportStanding } from "../hooks/use-dispute-queries.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { formatCount } from "../lib/format.ts";
import type { ReportDetail, ReportPlace } from "../lib/report-detail.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one report. */
export function ReportPage(): ReactNode {
  const params = useParams();
  const shard = natural(params.shard ?? "");
  const epoch = natural(params.epoch ?? "");
  usePageTitle(`Report of epoch ${params.epoch}`);
  if (shard === undefined || epoch === undefined)
    return <NoSuchReport>There is no report with this address</NoSuchReport>;
  return <KnownPlace key={`${shard}-${epoch}`} place={{ shard, epoch }} />;
}

function KnownPlace({ place }: { place: ReportPlace }): ReactNode {
  const query = useReport(place);
  const { epoch: running = 0 } = useChainTime();
  const { shard, epoch } = place;
  return (
    <QueryView query={query} height="32rem">
      {(detail) =>
        detail ? (
          <ReportView detail={detail} />
        ) : (
          <NoSuchReport>
            {epoch >= running
              ? `Epoch ${formatCount(epoch)} is not over yet, so shard ${shard} has no report of it`
              : `No report of epoch ${formatCount(epoch)} was accepted for shard ${shard}`}
          </NoSuchReport>
        )
      }
    </QueryView>
  );
}

function ReportView({ detail }: { detail: ReportDetail }): ReactNode {
  const standing = useReportStanding(detail);
  const [params, setParams] = useSearchParams();
  const [plan, setPlan] = useState<TransactionPlan>();
  const { epoch, shard } = detail.report;
  const node = natural(params.get("node"));
  const choose = (nodeIndex: number | undefined): void => {
    setParams(nodeIndex === undefined ? {} : { node: String(nodeIndex) }, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/reports" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All reports
        </Link>
        <h1 className="mt-1">
          Epoch {formatCount(epoch)}, shard {shard}
        </h1>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <ReportLists detail={detail} standing={standing.data} />
          <ChallengePanel {...{ detail, nodeIndex: node }} onChoose={choose} onPlan={setPlan} />
          {node !== undefined && (
            <VerifyPanel nodeIndex={node} epoch={Number(epoch)} candidateKeys={[]} onVerify={() => undefined} />
          )}
        </div>
        <div className="grid gap-4">
          <ReportFacts detail={detail} standing={standing.data} />
          <ReportSigners detail={detail} members={standing.data?.members} />
        </div>
      </div>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function NoSuchReport({ children }: { children: string }): ReactNode {
  return (
    <EmptyState title={children}>
      <Link className="link" to="/reports">
        See all reports
      </Link>
    </EmptyState>
  );
}
