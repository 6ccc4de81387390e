import { z } from "zod";
import { Problem } from "../service/problem.ts";
import { hexOf, type ReadSources, registeredNodes, shownNode } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  epochParameter,
  indexParameter,
  limitParameter,
  nodeAttestationsShape,
  nodeShape,
  nodesShape,
  statusShape,
} from "./shapes.ts";

const nodeParams = z.strictObject({ nodeIndex: indexParameter });

/** Routes about this relayer and about nodes. */
export function nodeRoutes(sources: ReadSources): Route[] {
  return [statusRoute(sources), nodesRoute(sources), nodeRoute(sources), nodeAttestationsRoute(sources)];
}

function statusRoute({ chain, heartbeats, relayer, authorityId, version }: ReadSources): Route {
  return defineRoute({
    path: "/v1/status",
    summary: "This relayer, its place in the chain's time, and how many nodes it hears",
    answer: statusShape,
    handle() {
      const { number, timestamp } = chain.head();
      const seen = heartbeats.seenNodes();
      const live = seen.filter((nodeIndex) => heartbeats.live(nodeIndex)?.state === "live").length;
      return {
        version,
        relayer,
        authorityId: authorityId ?? null,
        chainId: chain.chainId,
        bridge: chain.bridge,
        epoch: {
          current: chain.currentEpoch(),
          genesis: chain.epochGenesis,
          lengthSeconds: chain.epochLengthSeconds,
        },
        chain: { block: number, timestamp, timeMs: Math.floor(chain.nowMs()) },
        nodes: { registered: registeredNodes(chain).length, live, silent: seen.length - live },
      };
    },
  });
}

function nodesRoute({ chain, heartbeats }: ReadSources): Route {
  return defineRoute({
    path: "/v1/nodes",
    summary: "Registered nodes as this relayer hears them, by index; `next` is the `from` of the next page",
    query: z.strictObject({ from: indexParameter.default(0), limit: limitParameter(10_000, 10_000) }),
    answer: nodesShape,
    handle({ query: { from, limit } }) {
      const indices = registeredNodes(chain).filter((nodeIndex) => nodeIndex >= from);
      const nodes = indices.slice(0, limit).map((nodeIndex) => shownNode(heartbeats, nodeIndex));
      return { nodes, next: indices[limit] ?? null };
    },
  });
}

function nodeRoute({ chain, store, heartbeats }: ReadSources): Route {
  return defineRoute({
    path: "/v1/nodes/{nodeIndex}",
    summary: "One node: its registration, its newest attestation here, and how it is heard",
    params: nodeParams,
    answer: nodeShape,
    handle({ params: { nodeIndex } }) {
      const node = chain.node(nodeIndex);
      if (!node) throw new Problem(404, "unknown-node", `node ${nodeIndex} is not registered`);
      const head = store.headOf(nodeIndex);
      return {
        nodeIndex,
        identityId: node.identityId,
        intervals: node.intervals.map(({ from, until }) => ({ from, until: until ?? null })),
        keys: node.keys.map(({ fromEpoch, keyHash }) => ({ fromEpoch, keyHash })),
        head: head ? { sequence: BigInt(head.sequence), epoch: BigInt(head.epoch), digest: hexOf(head.digest) } : null,
        live: shownNode(heartbeats, nodeIndex),
      };
    },
  });
}

function nodeAttestationsRoute({ chain, store }: ReadSources): Route {
  return defineRoute({
    path: "/v1/nodes/{nodeIndex}/attestations",
    summary: "Attestations held of a node, newest first; `nextBefore` is the `before` of the next page",
    params: nodeParams,
    query: z.strictObject({ before: epochParameter.optional(), limit: limitParameter(50, 500) }),
    answer: nodeAttestationsShape,
    handle({ params: { nodeIndex }, query: { before, limit } }) {
      if (!chain.node(nodeIndex)) throw new Problem(404, "unknown-node", `node ${nodeIndex} is not registered`);
      const newest = BigInt(store.headOf(nodeIndex)?.epoch ?? 0) + 1n;
      const beforeEpoch = before !== undefined && before < newest ? before : newest;
      const { attestations, nextBefore } = store.attestationsOf(nodeIndex, { beforeEpoch, limit });
      return { attestations, nextBefore: nextBefore ?? null };
    },
  });
}
