import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { proposeCallsPlan } from "../flows/propose-calls.ts";
import { useCallPreview } from "../hooks/use-call-preview.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useNeedsApproval, useProposer } from "../hooks/use-new-proposal.ts";
import { formatDuration, formatMesh, formatTime, formatVotingUnits } from "../lib/format.ts";
import { parameterValue } from "../lib/network-parameters.ts";
import { descriptionOf, type NewProposal } from "../lib/proposal-form.ts";
import type { DraftFacts, ProposerStanding } from "../lib/proposal-terms.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import { Fact } from "./fact.tsx";
import { FaucetButton } from "./faucet-button.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

interface ProposeProps {
  draft: NewProposal;
  calls: readonly GovernanceCall[];
  facts: DraftFacts;
  /** Why the draft is not ready. */
  problem: string | undefined;
  /** Unix seconds. */
  executableAt: number;
  /** Called before the preview: times in the calls count from then. */
  onPreview: () => void;
}

/** What proposing takes, when it would be voted on, and the button that proposes. */
export function ProposeBar(props: ProposeProps): ReactNode {
  const { terms } = props.facts;
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const proposer = useProposer(address);
  const isCritical = useNeedsApproval(props.calls).data === true;
  const voteStart = seconds + terms.votingDelay;
  const voteEnd = voteStart + terms.votingPeriod;
  return (
    <Panel title="Propose it">
      <div className="grid gap-4">
        <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
          <Fact name="Bond">{formatMesh(terms.bond)} MESH</Fact>
          <Fact name="Units a proposer needs">
            {formatVotingUnits(terms.threshold)}
            {proposer.data && (
              <span className="text-muted block text-sm">you have {formatVotingUnits(proposer.data.units)}</span>
            )}
          </Fact>
          <Fact name="Voting, if you propose now">
            {formatTime(voteStart)}
            <span className="text-muted block text-sm">until {formatTime(voteEnd)}</span>
          </Fact>
          <Fact name="Executed at the earliest">
            {formatTime(voteEnd + terms.timelockDelay)}
            <span className="text-muted block text-sm">{formatDuration(terms.timelockDelay)} in the timelock</span>
            {isCritical && (
              <span className="text-warn block text-sm">and not before the approver approves: it is critical</span>
            )}
          </Fact>
        </dl>
        {address ? (
          <QueryView query={proposer} height="4rem">
            {(standing) => <ProposeButton {...props} {...{ standing }} wallet={address} />}
          </QueryView>
        ) : (
          <div className="flex flex-wrap items-center gap-3">
            <ConnectDialog />
            <span className="text-muted text-sm">Connect the wallet that proposes.</span>
          </div>
        )}
      </div>
    </Panel>
  );
}

function ProposeButton({
  draft,
  calls,
  facts,
  problem,
  standing,
  wallet,
  executableAt,
  onPreview,
}: ProposeProps & { standing: ProposerStanding; wallet: Address }): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime();
  const [isOpen, setIsOpen] = useState(false);
  const [made, setMade] = useState<bigint>();
  const preview = useCallPreview(calls, executableAt).data;
  const failsNow = preview !== undefined && "calls" in preview.run && preview.run.failsAt !== undefined;
  const { terms, parameters } = facts;
  const isShort = standing.units < terms.threshold;
  const isPoor = standing.balance < terms.bond;
  const plan = proposeCallsPlan({
    ...{ governor: config.contracts.MeshGovernor, token: config.contracts.MeshToken, wallet, calls },
    ...{ title: draft.title.trim(), description: descriptionOf(draft), bond: terms.bond },
    ...{ allowance: standing.allowance, vetoQuorumBp: Number(parameterValue(parameters, "vetoQuorumBp")) },
    ...{ voteStart: seconds + terms.votingDelay, voteEnd: seconds + terms.votingDelay + terms.votingPeriod },
    onProposed: setMade,
  });
  return (
    <div className="grid gap-3">
      {isShort && <ThresholdHelp {...{ facts, standing }} />}
      {isPoor && (
        <>
          <Notice tone="warn">
            The bond is {formatMesh(terms.bond)} MESH; this wallet holds {formatMesh(standing.balance)}.
          </Notice>
          <FaucetButton wallet={wallet} />
        </>
      )}
      {made !== undefined && (
        <Notice>
          Your proposal is made.{" "}
          <Link className="link" to={`/proposals/${made}`}>
            Open it
          </Link>
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="button button-primary"
          disabled={problem !== undefined || isShort || isPoor}
          onClick={() => {
            onPreview();
            setIsOpen(true);
          }}
        >
          {failsNow ? "Preview it although it would fail now" : "Preview proposal"}
        </button>
        {problem && <span className="text-muted text-sm">{problem}</span>}
      </div>
      <TransactionDialog plan={isOpen ? plan : undefined} onClose={() => setIsOpen(false)} />
    </div>
  );
}

/** Why the wallet may not propose, and how to get there. */
function ThresholdHelp({ facts, standing }: { facts: DraftFacts; standing: ProposerStanding }): ReactNode {
  const { threshold } = facts.terms;
  const ramp = formatDuration(Number(parameterValue(facts.parameters, "voteAgeRamp")));
  return (
    <Notice tone="warn">
      A proposer needs {formatVotingUnits(threshold)} units of the identity house; this wallet has{" "}
      {formatVotingUnits(standing.units)}. {formatMesh(threshold * threshold)} MESH that a certified identity stakes or
      locks give as many, {ramp} to twice that later and after a sync. Others can also delegate theirs to you.{" "}
      <Link className="link" to="/votes">
        Look at your votes
      </Link>
    </Notice>
  );
}
