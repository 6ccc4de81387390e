import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ChallengeStory } from "../lib/challenge-story.ts";
import type { Challenge } from "../lib/challenge-view.ts";
import { formatCount, formatEther } from "../lib/format.ts";
import { signedSeats } from "../lib/report-detail.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Panel } from "./panel.tsx";

/** Who challenged what, for how much, and who was paid. */
export function ChallengeFacts({
  challenge,
  story,
}: {
  challenge: Challenge;
  story: ChallengeStory | undefined;
}): ReactNode {
  const { nodeIndex, epoch, challenger, responder, bond, reportDigest, signers } = challenge;
  const payments = story?.payments ?? [];
  return (
    <Panel title="Who, what, how much">
      <dl className="grid gap-3">
        <Fact name="About">
          <Link className="link" to={`/nodes/${nodeIndex}`}>
            Node {formatCount(nodeIndex)}
          </Link>{" "}
          in{" "}
          <Link className="link" to={`/reports/${shardOf(nodeIndex)}/${epoch}`}>
            epoch {formatCount(epoch)}
          </Link>
        </Fact>
        <Fact name="Report">
          <Copyable value={reportDigest} label="digest of the report" lead={10} tail={8} />
        </Fact>
        <Fact name="Seats that must answer">{signedSeats(signers).join(", ")}</Fact>
        <Fact name="Challenger">
          <Copyable value={challenger} label="address of the challenger" />
        </Fact>
        <Fact name="Bond">{formatEther(bond)} ETH</Fact>
        {responder && (
          <Fact name="Shown by">
            <Copyable value={responder} label="address of the responder" />
          </Fact>
        )}
        {story?.keyHash && (
          <Fact name="Must verify under key">
            <Copyable value={story.keyHash} label="hash of the key" lead={10} tail={8} />
          </Fact>
        )}
        {payments.length > 0 && (
          <Fact name="Paid">
            {payments.map(({ account, amount }) => (
              <span key={account} className="block" data-testid="payment">
                {formatEther(amount)} ETH to <Copyable value={account} label="address that was paid" />
              </span>
            ))}
          </Fact>
        )}
        {story?.slashId !== undefined && (
          <Fact name="Taken from the signers">
            <Link className="link" to="/offences">
              Slash {story.slashId}
            </Link>
          </Fact>
        )}
        {story && (
          <Fact name="Transaction">
            <Copyable value={story.transaction} label="transaction hash" lead={10} tail={8} />
          </Fact>
        )}
      </dl>
    </Panel>
  );
}
