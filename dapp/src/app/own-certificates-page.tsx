import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { CertificateRequestForm } from "../components/certificate-request-form.tsx";
import { CertificateTable } from "../components/certificate-table.tsx";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { ExpiryCalendar } from "../components/expiry-calendar.tsx";
import { AuthorityRow } from "../components/issuer-chain.tsx";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { PartBoundary } from "../components/part-boundary.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RevokeCertificateForm } from "../components/revoke-certificate-form.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { TrustTabs } from "../components/trust-tabs.tsx";
import { VoterCertificates } from "../components/voter-certificates.tsx";
import { useAuthorityService } from "../hooks/use-application.ts";
import { useAuthorities, useOperatorCertificates } from "../hooks/use-certificate-queries.ts";
import { useOperator } from "../hooks/use-operator.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { OWN_REASONS } from "../lib/certificate-words.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Its code verifies signatures of root keys, which few need. */
const EmergencyDesk = lazy(async () => ({
  default: (await import("../components/emergency-desk.tsx")).EmergencyDesk,
}));

/** Certificates of the connected wallet's operator and its nodes. */
export function OwnCertificatesPage(): ReactNode {
  usePageTitle("My certificates");
  const { address } = useConnection();
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <div className="grid gap-4">
      <TrustTabs title="My certificates">
        What ties your operator and its nodes to their keys: when it expires, how it is renewed, and how you revoke it.
      </TrustTabs>
      {address ? (
        <>
          <OwnAuthorities wallet={address} />
          <ForWallet key={address} wallet={address} {...{ finished }} onPlan={setPlan} />
        </>
      ) : (
        <Panel>
          <EmptyState title="Connect the wallet of your operator">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
      <PartBoundary part="emergency order">
        <Suspense fallback={<div className="skeleton h-32" />}>
          <EmergencyDesk key={finished} onPlan={setPlan} />
        </Suspense>
      </PartBoundary>
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </div>
  );
}

/** Leads whoever runs an authority to its desk. */
function OwnAuthorities({ wallet }: { wallet: Address }): ReactNode {
  const authorities = (useAuthorities().data ?? []).filter(({ account }) => account === wallet);
  if (authorities.length === 0) return null;
  return (
    <Panel title="Authorities that you run" hint="What they issued, and what you can do with it">
      <ol className="grid gap-3">
        {authorities.map((authority) => (
          <AuthorityRow key={authority.authorityId} {...{ authority }} />
        ))}
      </ol>
    </Panel>
  );
}

function ForWallet({
  wallet,
  ...rest
}: {
  wallet: Address;
  /** Transactions finished so far. */
  finished: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const operator = useOperator(wallet);
  return (
    <QueryView query={operator} height="16rem">
      {(found) =>
        found === null ? (
          <VoterCertificates
            {...{ wallet }}
            otherwise={
              <Panel>
                <EmptyState title="This wallet acts for no operator, and is no voter">
                  Register an operator first, under Operate. Voters are certified by an authority in person.
                </EmptyState>
              </Panel>
            }
          />
        ) : (
          <ForOperator key={rest.finished} operator={found} onPlan={rest.onPlan} />
        )
      }
    </QueryView>
  );
}

function ForOperator({
  operator,
  onPlan,
}: {
  operator: OperatorAccount;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const query = useOperatorCertificates(operator);
  const [revoked, setRevoked] = useState<CertificateView>();
  return (
    <>
      <QueryView query={query} height="16rem">
        {(certificates) => (
          <>
            <Panel title={`Operator ${operator.identityId} and its nodes`} flush>
              {certificates.length === 0 ? (
                <EmptyState title="No certificate yet">Hand in a request below.</EmptyState>
              ) : (
                <CertificateTable
                  {...{ certificates }}
                  actions={(certificate) => (
                    <button
                      type="button"
                      className="button button-small"
                      disabled={certificate.revokedAt !== undefined && certificate.status === "Revoked"}
                      onClick={() => setRevoked(certificate)}
                    >
                      Revoke
                    </button>
                  )}
                />
              )}
            </Panel>
            {revoked && (
              <RevokeCertificateForm
                key={String(revoked.serial)}
                {...{ onPlan }}
                certificate={revoked}
                reasons={OWN_REASONS}
                onCancel={() => setRevoked(undefined)}
              />
            )}
            <ExpiryCalendar {...{ certificates }} />
          </>
        )}
      </QueryView>
      <Request {...{ operator }} />
    </>
  );
}

function Request({ operator }: { operator: OperatorAccount }): ReactNode {
  const authority = useAuthorityService();
  return (
    <Panel
      title="Issue or rotate"
      hint="An authority checks the request and your signature, signs the X.509 certificate and records it on chain"
    >
      <QueryView query={authority}>
        {(service) =>
          service === null ? (
            <EmptyState title="No authority takes requests here">
              No relayer of this network runs the service of an authority now.
            </EmptyState>
          ) : (
            <div className="grid gap-4">
              {service.flaw !== null && (
                <Notice tone="warn">
                  Authority {service.authorityId} cannot issue now: {service.flaw}.
                </Notice>
              )}
              <CertificateRequestForm {...{ operator }} authority={service} />
            </div>
          )
        }
      </QueryView>
    </Panel>
  );
}
