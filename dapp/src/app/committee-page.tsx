import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { BondForm } from "../components/bond-form.tsx";
import { CommitteeTable } from "../components/committee-table.tsx";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { Copyable } from "../components/copyable.tsx";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RuleTabs } from "../components/rule-tabs.tsx";
import { Stat } from "../components/stat.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { fillSeatsPlan, seatPlan } from "../flows/committee-seat.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useCommittee } from "../hooks/use-committee.ts";
import { useParameters } from "../hooks/use-network-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { type CommitteeRelayer, type CommitteeView, regionCap, seatsByRegion } from "../lib/committee-view.ts";
import { formatBp, formatCount, formatMesh } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Who signs the reports, who waits for it, and what both are paid and risk. */
export function CommitteePage(): ReactNode {
  usePageTitle("Committee");
  const committee = useCommittee();
  const parameters = useParameters();
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <div className="grid gap-4">
      <RuleTabs title="Committee">
        Bonded relayers that co-sign what every node did. More than two thirds must agree; who lies loses the bond, who
        is silent the seat.
      </RuleTabs>
      <QueryView query={parameters} height="6rem">
        {(table) => (
          <QueryView query={committee} height="32rem">
            {(view) => <Committee {...{ view, table, finished }} onPlan={setPlan} />}
          </QueryView>
        )}
      </QueryView>
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </div>
  );
}

interface CommitteeProps {
  view: CommitteeView;
  table: NetworkParameterTable;
  onPlan: (plan: TransactionPlan) => void;
}

function Committee({ finished, ...props }: CommitteeProps & { finished: number }): ReactNode {
  const { address } = useConnection();
  const { view, table } = props;
  return (
    <>
      <Figures view={view} table={table} />
      <Relayers {...props} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Regions view={view} table={table} />
        <Replaced view={view} />
      </div>
      {address ? (
        <Membership key={`${address}-${finished}`} wallet={address} {...props} />
      ) : (
        <Panel title="Run a relayer">
          <EmptyState title="Connect the wallet of your relayer to bond it">
            <ConnectDialog />
          </EmptyState>
        </Panel>
      )}
    </>
  );
}

function Figures({ view, table }: Pick<CommitteeProps, "view" | "table">): ReactNode {
  const { version, fromEpoch, quorum, seatCount, relayers, reserve, totalBonded } = view;
  const { epoch } = useChainTime(5_000);
  const waiting = relayers.filter(({ queue }) => queue).length;
  const fee = parameterValue(table, "reportFee");
  const isComing = epoch !== undefined && fromEpoch > epoch;
  return (
    <dl className="panel grid grid-cols-2 lg:grid-cols-4">
      <Stat
        label="Seats"
        value={`${seatCount} of ${formatCount(parameterValue(table, "committeeMaxSeats"))}`}
        detail={`${quorum} signatures make a report`}
      />
      <Stat
        label="Version"
        value={formatCount(version)}
        detail={`${isComing ? "in force from" : "since"} epoch ${formatCount(fromEpoch)}`}
      />
      <Stat
        label="Bonds"
        value={`${formatMesh(totalBonded, 0)} MESH`}
        detail={`${formatMesh(parameterValue(table, "committeeBond"), 0)} for a seat · ${waiting} waiting`}
      />
      <Stat
        label="Fee per report"
        value={`${formatMesh(fee, 4)} MESH`}
        detail={`${formatMesh(reserve, 0)} MESH set aside${fee > 0n ? `, ${formatCount(reserve / fee)} reports` : ""}`}
      />
    </dl>
  );
}

function Relayers({ view, table, onPlan }: CommitteeProps): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime(5_000);
  const { RelayerCommittee: committee, CommitteeFees: fees } = config.contracts;
  const ground = {
    ...{ committee, fees },
    resignNotice: Number(parameterValue(table, "committeeResignNotice")),
    releaseDelay: Number(parameterValue(table, "committeeReleaseDelay")),
  };
  const relayers = [...view.relayers].sort((a, b) => rankOf(a) - rankOf(b));
  const canFill =
    view.seatCount < Number(parameterValue(table, "committeeMaxSeats")) &&
    relayers.some(({ queue }) => queue && queue.joinableAt <= seconds);
  const rows = () =>
    relayers.map((one) => [one.seat, one.queue?.place, one.address, one.endpoint, one.bond, one.fees, one.region]);
  return (
    <Panel
      title="Relayers"
      hint="In seat order, then the queue. The DAO admits; anyone can seat who has waited long enough. At its endpoint a relayer speaks post-quantum TLS to other relayers: no web page."
      actions={
        <>
          {canFill && address && (
            <button type="button" className="button button-small" onClick={() => onPlan(fillSeatsPlan(committee))}>
              Seat who waits
            </button>
          )}
          <CsvButton file="pqmesh-committee.csv" header={CSV_HEADER} rows={rows} />
        </>
      }
      flush
    >
      {relayers.length === 0 ? (
        <EmptyState title="No relayer ever bonded">
          Nothing can be reported before the DAO seats a committee.
        </EmptyState>
      ) : (
        <CommitteeTable relayers={relayers} onAction={(action, relayer) => onPlan(seatPlan(action, relayer, ground))} />
      )}
    </Panel>
  );
}

function Regions({ view, table }: Pick<CommitteeProps, "view" | "table">): ReactNode {
  const regionBp = Number(parameterValue(table, "committeeRegionBp"));
  const cap = regionCap(Number(parameterValue(table, "committeeMaxSeats")), regionBp);
  const capNow = regionCap(view.seatCount, regionBp);
  return (
    <Panel
      title="Regions"
      hint={`Relayers of one region may have ${formatBp(regionBp, 2)} of the seats, one at least: ${cap} when free seats are filled, ${capNow} when a member is replaced. Who states none is not capped.`}
    >
      <ul className="grid gap-1.5">
        {seatsByRegion(view.relayers).map(({ region, seats }) => (
          <li key={region} className="flex justify-between gap-4">
            <span>{region === 0 ? "Not stated" : `Region ${region}`}</span>
            <span>
              {seats} seat{seats === 1 ? "" : "s"}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Replaced({ view }: Pick<CommitteeProps, "view">): ReactNode {
  return (
    <Panel
      title="Replaced members"
      hint="They signed none of many reports in a row. That costs the seat, not the bond."
    >
      {view.replaced.length === 0 ? (
        <p className="text-muted">Nobody was ever replaced for being silent.</p>
      ) : (
        <ul className="grid gap-1.5">
          {view.replaced.map(({ relayer, transaction }) => (
            <li key={transaction} className="flex flex-wrap justify-between gap-x-4">
              <Copyable value={relayer} label="address of the relayer" />
              <span className="text-muted">
                in <Copyable value={transaction} label="transaction hash" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Membership({ wallet, view, table, onPlan }: CommitteeProps & { wallet: Address }): ReactNode {
  const own = view.relayers.find(({ address }) => address.toLowerCase() === wallet.toLowerCase());
  return (
    <Panel
      title={own ? "Your relayer" : "Run a relayer"}
      hint={
        own
          ? "Add to the bond, or move to another endpoint. Leaving is beside your row above."
          : "Bond this wallet as a relayer. The DAO then admits it to the queue for seats."
      }
    >
      <BondForm
        key={own ? `${own.bond} ${own.endpoint}` : "none"}
        {...{ wallet, own, onPlan }}
        minimum={parameterValue(table, "committeeBond")}
        joinDelay={Number(parameterValue(table, "committeeJoinDelay"))}
      />
    </Panel>
  );
}

const CSV_HEADER = ["seat", "queue", "relayer", "endpoint", "bondWei", "feesWei", "region"];

function rankOf({ seat, queue }: CommitteeRelayer): number {
  return seat ?? (queue ? 1_000 + queue.place : 1e6);
}
