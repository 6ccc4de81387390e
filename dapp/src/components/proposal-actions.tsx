import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { proposalActionPlan } from "../flows/act-on-proposal.ts";
import { approveOperationPlan } from "../flows/approve-operation.ts";
import { useCallPreview } from "../hooks/use-call-preview.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { TimelockView } from "../lib/proposal-approval.ts";
import { isVetoed, type ProposalAction, proposalActions } from "../lib/proposal-state.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Panel } from "./panel.tsx";

const BUTTONS: Readonly<Record<Exclude<ProposalAction, "vote">, string>> = {
  queue: "Queue with the timelock",
  approve: "Approve the critical calls",
  execute: "Execute",
  cancel: "Cancel the proposal",
  releaseBond: "Release the bond",
};

/** What the connected wallet can do with a proposal besides voting. */
export function ProposalActions({
  proposal,
  timelock,
  executableAt,
  now,
  onPlan,
}: {
  proposal: ProposalView;
  timelock: TimelockView | undefined;
  /** When it can be executed at the earliest, Unix seconds. */
  executableAt: number | undefined;
  /** Chain time, Unix seconds. */
  now: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const sentences = useCallPreview(proposal.calls, executableAt).data?.calls.map(({ sentence }) => sentence) ?? [];
  const { proposer, guardian, standing } = proposal;
  const viewer = { wallet: address, proposer, hasVoted: true, ...(guardian && { guardian }) };
  const actions = proposalActions(standing, { ...viewer, ...(timelock && { approval: timelock }) }, now);
  if (actions.length === 0) return null;
  const act = (action: ProposalAction): void => {
    if (action === "vote") return;
    if (action === "approve") {
      if (timelock) onPlan(approveOperationPlan({ ...timelock, sentences }));
      return;
    }
    const input = { governor: config.contracts.MeshGovernor, proposal, sentences };
    onPlan(proposalActionPlan(action, { ...input, timelockDelay: timelock?.delay ?? 0 }));
  };
  const words = (action: ProposalAction): string => {
    if (action === "releaseBond" && isVetoed(standing)) return "Burn the bond";
    return action === "vote" ? "" : BUTTONS[action];
  };
  return (
    <Panel title="What you can do">
      <div className="flex flex-wrap gap-2">
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            className={`button ${action === "cancel" ? "button-danger" : action === "releaseBond" ? "" : "button-primary"}`}
            onClick={() => act(action)}
          >
            {words(action)}
          </button>
        ))}
      </div>
    </Panel>
  );
}
