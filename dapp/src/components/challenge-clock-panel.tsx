import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { dismissChallengePlan, expireChallengePlan } from "../flows/close-challenge.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { type Challenge, challengeClock, type ChallengeClock } from "../lib/challenge-view.ts";
import { formatDuration, formatEther, formatTime, shorten } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import { Panel } from "./panel.tsx";

/** What a challenge waits for, for how long, and what can be done about it now. */
export function ChallengeClockPanel({
  challenge,
  onPlan,
}: {
  challenge: Challenge;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { seconds } = useChainTime(500);
  const { config } = useNetwork();
  const { address } = useConnection();
  const disputes = config.contracts.AttestationDisputes;
  if (seconds === undefined) return null;
  const clock = challengeClock(challenge, seconds);
  const end =
    clock.phase === "expired" ? expireChallengePlan : clock.phase === "stood" ? dismissChallengePlan : undefined;
  return (
    <Panel>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {clock.until !== undefined && (
          <div>
            <p className="eyebrow">{clock.phase === "open" ? "To answer" : "To prove it invalid"}</p>
            <p className="text-3xl font-semibold tracking-tight" role="timer" data-testid="challenge-clock">
              {formatDuration(Math.ceil(clock.until - seconds))}
            </p>
            <p className="text-muted text-sm">until {formatTime(clock.until)}</p>
          </div>
        )}
        <p className="min-w-0 flex-1 basis-64" data-testid="challenge-sentence">
          {sentence(challenge, clock)}
        </p>
        {end &&
          (address ? (
            <button
              type="button"
              className="button button-primary"
              onClick={() => onPlan(end(disputes, challenge, address))}
            >
              {clock.phase === "expired" ? "Expire it" : "Dismiss it"}
            </button>
          ) : (
            <ConnectDialog label="Connect a wallet to end it" />
          ))}
      </div>
    </Panel>
  );
}

function sentence(challenge: Challenge, { phase }: ChallengeClock): string {
  const { nodeIndex, responder, challenger, bond } = challenge;
  const eth = `${formatEther(bond)} ETH`;
  switch (phase) {
    case "queued":
      return "It waits until fewer challenges are open; its clock stands still. Signers may answer it already.";
    case "open":
      return `A signer of the report, or the operator of node ${nodeIndex}, must show the leaf before the clock runs out.`;
    case "expired":
      return `Nobody showed the leaf in time. Anyone can end the challenge now: node ${nodeIndex} becomes absent in this epoch and the signers are punished.`;
    case "answered":
      return `${shorten(responder ?? "0x")} showed the leaf. Until the clock runs out anyone can prove it invalid; then it stands.`;
    case "stood":
      return `The answer stood. Anyone can end the challenge now, and ${shorten(responder ?? "0x")} gets the bond of ${eth}.`;
    case "upheld":
      return `The leaf was withheld or invalid: node ${nodeIndex} counts as absent in this epoch, the signers were punished, and ${shorten(challenger)} has the bond back.`;
    case "dismissed":
      return `A leaf was shown and it stood. The report holds, and ${shorten(responder ?? "0x")} has the bond of ${eth}.`;
  }
}
