import type { ReactNode } from "react";
import { formatBp, formatMesh, formatTime } from "../lib/format.ts";
import type { TimelockView } from "../lib/proposal-approval.ts";
import type { ProposalStory } from "../lib/proposal-story.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { isOver, proposalState } from "../lib/proposal-state.ts";
import { bondSentence } from "../lib/proposal-words.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** Who made a proposal, its terms and its bond. */
export function ProposalFacts({
  proposal,
  story,
  timelock,
  now,
}: {
  proposal: ProposalView;
  story: ProposalStory;
  timelock: TimelockView | undefined;
  /** Chain time, Unix seconds. */
  now: number;
}): ReactNode {
  const { id, proposer, transaction, standing, guardian, guardianUntil } = proposal;
  const { terms } = standing;
  const isOpen = !isOver(proposalState(standing, now));
  return (
    <Panel title="Terms" hint="Fixed when it was made. No later change of a number revives or fells it.">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
        <Fact name="Proposer">
          <Copyable value={proposer} label="address of the proposer" />
        </Fact>
        <Fact name="Number">
          <Copyable value={String(id)} label="number of the proposal" />
        </Fact>
        <Fact name="Bond" wide>
          <span data-testid="bond">{story.bond ? bondFate(story.bond) : bondSentence(standing, now)}</span>
        </Fact>
        <Fact name="Quorum">{formatBp(terms.quorumBp, 2)} of all units</Fact>
        <Fact name="Veto quorum">{formatBp(terms.vetoQuorumBp, 2)} of all units</Fact>
        <Fact name="Token veto">{formatBp(terms.tokenVetoBp, 2)} of the votable supply</Fact>
        <Fact name="Votable supply">{formatMesh(terms.votableSupply, 0)} MESH</Fact>
        {isOpen && (
          <Fact name="Guardian" wide>
            {guardian ? (
              <>
                <Copyable value={guardian} label="address of the guardian" /> can cancel it until{" "}
                {formatTime(guardianUntil)}.
              </>
            ) : (
              "Nobody now: the proposer can cancel it until it is executed."
            )}
          </Fact>
        )}
        {isOpen && timelock && (
          <Fact name="Approver" wide>
            {!timelock.isNeeded
              ? "Not needed: no call is critical."
              : timelock.isGiven
                ? "Has approved it."
                : "Must approve it before it is executed, and has not yet."}
          </Fact>
        )}
        {timelock && (
          <Fact name="Operation of the timelock">
            <Copyable value={timelock.operationId} label="operation of the timelock" />
          </Fact>
        )}
        <Fact name="Transaction">
          <Copyable value={transaction} label="transaction of the proposal" />
        </Fact>
      </dl>
    </Panel>
  );
}

function bondFate({ isBurnt, amount, at }: NonNullable<ProposalStory["bond"]>): string {
  const when = `${formatMesh(amount)} MESH at ${formatTime(at)}`;
  return isBurnt ? `Burnt: ${when}. A veto quorum was against.` : `Returned to the proposer: ${when}.`;
}
