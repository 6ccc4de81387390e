import { isClosed } from "@pqmesh/contracts/protocol/lease-status";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { useConnection } from "wagmi";
import { CredentialPanel } from "../components/credential-panel.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { LeaseActions } from "../components/lease-actions.tsx";
import { LeaseBadge } from "../components/lease-badge.tsx";
import { LeaseDisputePanel } from "../components/lease-dispute-panel.tsx";
import { LeaseRunway } from "../components/lease-runway.tsx";
import { LeaseSettlement } from "../components/lease-settlement.tsx";
import { ListingTerms } from "../components/listing-facts.tsx";
import { Notice } from "../components/notice.tsx";
import { ProbePanel } from "../components/probe-panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TokenCredits } from "../components/token-credits.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { VoucherPanel } from "../components/voucher-panel.tsx";
import { useLease, useLeaseStory } from "../hooks/use-lease-queries.ts";
import { useOperator } from "../hooks/use-operator.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { LeaseStory } from "../lib/lease-story.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { CLOSE_SENTENCES } from "../lib/market-words.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one lease, for its client, its provider and everybody else. */
export function LeasePage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Lease ${id}`);
  if (!/^[1-9]\d{0,8}$/.test(id)) return <NoSuchLease id={id} />;
  return <KnownNumber key={id} id={Number(id)} />;
}

function KnownNumber({ id }: { id: number }): ReactNode {
  const lease = useLease(id);
  const story = useLeaseStory(id);
  return (
    <QueryView query={lease} height="32rem">
      {(found) =>
        found ? (
          <QueryView query={story} height="32rem">
            {(told) => (told ? <Found lease={found} story={told} /> : <NoSuchLease id={String(id)} />)}
          </QueryView>
        ) : (
          <NoSuchLease id={String(id)} />
        )
      }
    </QueryView>
  );
}

function Found({ lease, story }: { lease: LeaseView; story: LeaseStory }): ReactNode {
  const { address } = useConnection();
  const operator = useOperator(address).data;
  const [plan, setPlan] = useState<TransactionPlan>();
  const isClient = address !== undefined && address.toLowerCase() === lease.client.toLowerCase();
  const isProvider = operator?.identityId === lease.identityId;
  const { id, listingId, nodeIndex, kind, units, unit, version, status } = lease;
  return (
    <div className="grid gap-4">
      <header>
        <Link
          to={isProvider ? "/provide" : "/leases"}
          className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm"
        >
          <Icon name="back" size={15} /> {isProvider ? "Provide" : "My leases"}
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>Lease {id}</h1>
          <span role="status">
            <LeaseBadge status={status} />
          </span>
          <span className="text-muted text-sm">
            {units} × {kind} of{" "}
            <Link className="link" to={`/nodes/${nodeIndex}`}>
              node {nodeIndex}
            </Link>
            ,{" "}
            <Link className="link" to={`/market/${listingId}`}>
              listing {listingId}
            </Link>
            {isClient ? ", yours" : isProvider ? ", you provide it" : ""}
          </span>
        </div>
      </header>
      {isClosed(status) && <Ending lease={lease} story={story} />}
      {isClient && <TokenCredits wallet={lease.client} onPlan={setPlan} />}
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <LeaseRunway lease={lease} story={story} />
          <LeaseSettlement lease={lease} story={story} onPlan={setPlan} />
          {(status === "Active" || story.sealed !== undefined) && <ProbePanel lease={lease} />}
          {lease.isMetered && <VoucherPanel {...{ lease, isClient }} onPlan={setPlan} />}
          <LeaseDisputePanel {...{ lease, isClient, isProvider }} onPlan={setPlan} />
        </div>
        <div className="grid gap-4">
          <CredentialPanel {...{ lease, isClient }} sealed={story.sealed} />
          <LeaseActions
            key={`${status}-${lease.end}-${lease.balance}`}
            {...{ lease, isClient, isProvider }}
            onPlan={setPlan}
          />
          <ListingTerms listing={{ terms: lease.terms, unit, version }} />
        </div>
      </div>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function Ending({
  lease: { status, unit, client },
  story: { closing },
}: {
  lease: LeaseView;
  story: LeaseStory;
}): ReactNode {
  if (!closing) return <Notice>{CLOSE_SENTENCES[status]}</Notice>;
  const { toClient, bond, janitor, janitorFee } = closing;
  return (
    <Notice tone={status === "Breached" ? "warn" : "info"}>
      <span data-testid="ending">
        {CLOSE_SENTENCES[status]} {formatToken(toClient, unit)} were credited to the client at the end
        {bond > 0n && `, ${formatToken(bond, unit)} of it the provider's bond`}.
        {janitor &&
          ` A janitor closed it${janitor.toLowerCase() === client.toLowerCase() ? ": the client itself" : ""} and earned ${formatToken(janitorFee, unit)}.`}
      </span>
    </Notice>
  );
}

function NoSuchLease({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no lease ${id}`}>
      <Link className="link" to="/leases">
        See your leases
      </Link>
    </EmptyState>
  );
}
