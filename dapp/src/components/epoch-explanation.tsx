import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useEpochStory } from "../hooks/use-dispute-queries.ts";
import type { EpochStory } from "../lib/epoch-corrections.ts";
import { formatCount } from "../lib/format.ts";
import type { EpochCell } from "../lib/network-view.ts";
import { Notice } from "./notice.tsx";

/** Explains the chosen epoch of a node: where its report is, whether it was overruled and why, and how to challenge it. */
export function EpochExplanation({ nodeIndex, cell }: { nodeIndex: number; cell: EpochCell }): ReactNode {
  const { epoch, status } = cell;
  const isReported = status === "Attested" || status === "Degraded" || status === "Absent";
  const story = useEpochStory({ nodeIndex, epoch }, isReported).data;
  if (!isReported) return null;
  const report = `/reports/${shardOf(nodeIndex)}/${epoch}`;
  return (
    <div className="mt-3 grid gap-2 text-sm">
      {story?.correction && (
        <Notice tone={story.correction === "Voided" ? "bad" : "info"}>
          <span data-testid="correction">{correctionWords(story, epoch)}</span>
          {story.challenge !== undefined && (
            <>
              {" "}
              See{" "}
              <Link className="link" to={`/challenges/${story.challenge}`}>
                challenge {story.challenge}
              </Link>
              .
            </>
          )}
        </Notice>
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <Link className="link" to={report}>
          Report of epoch {formatCount(epoch)}
        </Link>
        {story?.challenge !== undefined && !story.correction && (
          <Link className="link" to={`/challenges/${story.challenge}`}>
            Challenge {story.challenge}
          </Link>
        )}
        {story && story.challenge === undefined && status !== "Absent" && (
          <Link className="link" to={`${report}?node=${nodeIndex}`}>
            Challenge this epoch
          </Link>
        )}
      </p>
    </div>
  );
}

const FLAWS: Record<string, string> = {
  Position: "it is not at the node's place in the tree",
  Node: "it is another node's attestation",
  Epoch: "it is for another epoch",
  Domain: "it was signed for another chain or contract",
  Inactive: "the node was not active",
  Absent: "the report names the node absent as well",
  Beacon: "its beacon is not one of the eight epochs before",
  Sequence: "its place in the node's chain of attestations is wrong",
  Measurement: "its build was not allowed",
  Signature: "its ML-DSA-65 signature does not verify",
};

function correctionWords({ correction, flaw }: EpochStory, epoch: number): string {
  if (correction === "Admitted") {
    return `The report of epoch ${formatCount(epoch)} did not count this node. It proved by its own provenance chain that it attested.`;
  }
  const reason = flaw
    ? `the leaf was proven invalid: ${FLAWS[flaw] ?? flaw}`
    : "nobody showed the leaf when it was challenged";
  return `The report of epoch ${formatCount(epoch)} counted this node as present. It counts as absent since ${reason}.`;
}
