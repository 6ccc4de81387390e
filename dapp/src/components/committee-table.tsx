import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { type CommitteeAction, committeeActions, type CommitteeRelayer } from "../lib/committee-view.ts";
import { formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import { committeeAddress } from "../lib/committee-address.ts";
import { Copyable } from "./copyable.tsx";

const BUTTONS: Record<CommitteeAction, string> = {
  resign: "Resign",
  vacateSeat: "Vacate the seat",
  dismiss: "Leave the queue",
  requestBondRelease: "Ask for the bond",
  withdrawBond: "Withdraw the bond",
  withdrawFees: "Withdraw fees",
};

/** Relayers with their seat or place, bond and fees. */
export function CommitteeTable({
  relayers,
  onAction,
}: {
  relayers: readonly CommitteeRelayer[];
  onAction: (action: CommitteeAction, relayer: CommitteeRelayer) => void;
}): ReactNode {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Seat</th>
            <th>Relayer</th>
            <th className="num max-sm:hidden">Bond, MESH</th>
            <th className="num max-md:hidden">Fees, MESH</th>
            <th className="max-md:hidden">Region</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {relayers.map((relayer) => (
            <Row key={relayer.address} {...{ relayer, onAction }} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  relayer,
  onAction,
}: {
  relayer: CommitteeRelayer;
  onAction: (action: CommitteeAction, relayer: CommitteeRelayer) => void;
}): ReactNode {
  const { address: wallet } = useConnection();
  const { seconds } = useChainTime(5_000);
  const { address, bond, fees, region, seat, queue, endpoint } = relayer;
  const actions = seconds === undefined ? [] : committeeActions(relayer, seconds, wallet);
  const isOwn = wallet?.toLowerCase() === address.toLowerCase();
  return (
    <tr data-relayer={address.toLowerCase()}>
      <td className="font-medium">
        {seat ??
          (queue ? <span className="text-muted">queue {queue.place}</span> : <span className="text-muted">–</span>)}
      </td>
      <td>
        <Copyable value={address} label="address of the relayer" />
        {isOwn && <span className="text-accent text-sm"> yours</span>}
        {endpoint !== "" && (
          <span className="text-muted block text-xs break-all">committee endpoint {committeeAddress(endpoint)}</span>
        )}
        <span className="text-muted block text-xs sm:hidden">{formatMesh(bond)} MESH bonded</span>
        {standingOf(relayer, seconds).map((sentence) => (
          <span key={sentence} className="text-warn block text-xs">
            {sentence}
          </span>
        ))}
      </td>
      <td className="num max-sm:hidden">{formatMesh(bond)}</td>
      <td className="num max-md:hidden">{formatMesh(fees, 4)}</td>
      <td className="max-md:hidden">{region === 0 ? <span className="text-muted">not stated</span> : region}</td>
      <td>
        <span className="flex flex-wrap justify-end gap-2">
          {actions.map((action) => (
            <button
              key={action}
              type="button"
              className="button button-small"
              onClick={() => onAction(action, relayer)}
            >
              {BUTTONS[action]}
            </button>
          ))}
        </span>
      </td>
    </tr>
  );
}

function standingOf(relayer: CommitteeRelayer, now: number | undefined): string[] {
  const { isBarred, frozenUntil, vacatableAt, releaseAt, queue, seat } = relayer;
  const when = (at: number): string => (now !== undefined && at > now ? formatRelative(at, now) : "now");
  return [
    ...(isBarred ? ["barred for ever"] : []),
    ...(!isBarred && frozenUntil !== undefined && now !== undefined && frozenUntil > now
      ? [`jailed until ${formatTime(frozenUntil)}`]
      : []),
    ...(vacatableAt !== undefined && seat !== undefined
      ? [`resigned; its seat can be vacated ${when(vacatableAt)}`]
      : []),
    ...(releaseAt !== undefined ? [`its bond can leave ${when(releaseAt)}`] : []),
    ...(queue ? [`can be seated ${when(queue.joinableAt)}`] : []),
  ];
}
