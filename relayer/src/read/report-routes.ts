import { z } from "zod";
import type { AcceptedReport, ChainView } from "../chain/chain-view.ts";
import { Problem } from "../service/problem.ts";
import { hexOf, type ReadSources, splitReport } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";
import { epochParameter, indexParameter, leavesShape, limitParameter, reportShape, reportsShape } from "./shapes.ts";

/** Epochs that the list of reports looks back. */
const LISTED_EPOCHS = 512n;

/** Routes about reports. */
export function reportRoutes(sources: ReadSources): Route[] {
  return [reportsRoute(sources), reportRoute(sources), leavesRoute(sources)];
}

function reportsRoute({ chain }: ReadSources): Route {
  return defineRoute({
    path: "/v1/reports",
    summary: `Reports that the bridge accepted in the last ${LISTED_EPOCHS} epochs, newest first`,
    query: z.strictObject({ limit: limitParameter(20, 200) }),
    answer: reportsShape,
    handle: ({ query: { limit } }) => ({ reports: newestReports(chain, limit).map(splitReport) }),
  });
}

function reportRoute({ chain, reports }: ReadSources): Route {
  return defineRoute({
    path: "/v1/reports/{epoch}/{shard}",
    summary: "One report with the ECDSA and ML-DSA-65 signatures of the committee members that this relayer knows",
    params: z.strictObject({ epoch: epochParameter, shard: indexParameter }),
    answer: reportShape,
    handle({ params: { epoch, shard } }) {
      const accepted = chain.acceptedReport(shard, epoch);
      if (!accepted) throw new Problem(404, "not-found", `no report of epoch ${epoch}, shard ${shard} is accepted`);
      const signed = reports.reportOf(epoch, shard);
      const isSame = signed?.report.root === accepted.root && signed.report.round === accepted.round;
      return { ...splitReport(accepted), signatures: isSame ? signed.signatures : [] };
    },
  });
}

function leavesRoute({ chain, store, proofs }: ReadSources): Route {
  return defineRoute({
    path: "/v1/reports/{epoch}/{shard}/leaves",
    summary: "All leaves of a report that this relayer holds, to recompute its root; as many as proof trees a second",
    params: z.strictObject({ epoch: epochParameter, shard: indexParameter }),
    answer: leavesShape,
    handle({ params: { epoch, shard }, asker }) {
      const accepted = chain.acceptedReport(shard, epoch);
      if (!accepted) throw new Problem(404, "not-found", `no report of epoch ${epoch}, shard ${shard} is accepted`);
      proofs.takeTurn(asker);
      const leaves = proofs.leavesOf(accepted).flatMap(({ nodeIndex, digest }) => {
        const wire = store.wireOf(epoch, nodeIndex, digest);
        return wire ? [{ nodeIndex, wire: hexOf(wire) }] : [];
      });
      return { leaves };
    },
  });
}

function newestReports(chain: ChainView, limit: number): AcceptedReport[] {
  const found: AcceptedReport[] = [];
  const current = chain.currentEpoch();
  const shards = countShards(chain);
  for (let age = 0n; age < LISTED_EPOCHS && age <= current && found.length < limit; age++) {
    for (let shard = 0; shard < shards && found.length < limit; shard++) {
      const report = chain.acceptedReport(shard, current - age);
      if (report) found.push(report);
    }
  }
  return found;
}

function countShards(chain: ChainView): number {
  let shards = 0;
  while (chain.nodesOfShard(shards).length > 0) shards++;
  return shards;
}
