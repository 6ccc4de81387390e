import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { useConnection } from "wagmi";
import { AuthorityDesk } from "../components/authority-desk.tsx";
import { AuthorityFacts } from "../components/authority-facts.tsx";
import { CertificateTable } from "../components/certificate-table.tsx";
import { DelegatesPanel } from "../components/delegates-panel.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { AuthorityRow } from "../components/issuer-chain.tsx";
import { OutOfLineNotice } from "../components/out-of-line-notice.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { type AuthorityFamily, useAuthorityFamily, useIssued } from "../hooks/use-authority-queries.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { authorityRole } from "../lib/authority-role.ts";
import { authorityStanding, type AuthorityView } from "../lib/certificate-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one authority, and the desk of whoever runs it. */
export function AuthorityPage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Authority ${id}`);
  if (!/^[1-9]\d{0,9}$/.test(id)) return <NoSuchAuthority {...{ id }} />;
  return <KnownNumber key={id} authorityId={Number(id)} />;
}

function KnownNumber({ authorityId }: { authorityId: number }): ReactNode {
  const query = useAuthorityFamily(authorityId);
  return (
    <QueryView query={query} height="24rem">
      {(family) => (family ? <Family {...family} /> : <NoSuchAuthority id={String(authorityId)} />)}
    </QueryView>
  );
}

function Family({ path, children }: AuthorityFamily): ReactNode {
  const [authority, ...above] = path as [AuthorityView, ...AuthorityView[]];
  const { authorityId } = authority;
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  const role = authorityRole(path, address);
  const standing = authorityStanding(authority, seconds);
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/certificates" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All certificates
        </Link>
        <h1 className="mt-1">Authority {authorityId}</h1>
      </header>
      <OutOfLineNotice key={`line-${finished}`} {...{ authorityId }} onPlan={setPlan} />
      {(role.isAccount || role.isAbove) && (
        <AuthorityDesk key={finished} {...{ authority, role, standing }} onPlan={setPlan} />
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <AuthorityFacts {...{ authority }} />
        <div className="grid gap-4">
          <Relatives title="Above it" authorities={above}>
            The DAO admitted it: it is a root.
          </Relatives>
          <Relatives title="Below it" authorities={children}>
            It admitted none.
          </Relatives>
          <DelegatesPanel
            key={`delegates-${finished}`}
            {...{ authorityId }}
            onPlan={role.isAccount ? setPlan : undefined}
          />
        </div>
      </div>
      <Issued {...{ authorityId }} />
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </div>
  );
}

function Relatives({
  title,
  authorities,
  children,
}: {
  title: string;
  authorities: readonly AuthorityView[];
  /** What is said where there are none. */
  children: ReactNode;
}): ReactNode {
  return (
    <Panel {...{ title }}>
      {authorities.length === 0 ? (
        <p className="text-muted">{children}</p>
      ) : (
        <ol className="grid gap-3">
          {authorities.map((authority) => (
            <AuthorityRow key={authority.authorityId} {...{ authority }} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Issued({ authorityId }: { authorityId: number }): ReactNode {
  const [page, setPage] = useState(1);
  const query = useIssued(authorityId, page);
  return (
    <Panel
      title="What it issued"
      hint="Newest first; each leads to its page, where its authority holds or revokes it"
      flush
    >
      <QueryView query={query} height="12rem">
        {({ certificates, more }) =>
          certificates.length === 0 ? (
            <EmptyState title="It issued nothing yet" />
          ) : (
            <>
              <CertificateTable {...{ certificates }} />
              {(more || page > 1) && <Pager {...{ page }} pages={{ more }} onPage={setPage} />}
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

function NoSuchAuthority({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no authority ${id.slice(0, 20)}`}>
      <Link className="link" to="/certificates">
        See all authorities
      </Link>
    </EmptyState>
  );
}
