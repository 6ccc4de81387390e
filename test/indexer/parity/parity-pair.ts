import { expect } from "chai";
import type { GraphQLSchema, IntrospectionQuery } from "graphql";
import { buildClientSchema, getIntrospectionQuery } from "graphql";
import type { Hex } from "viem";

import { GraphqlService } from "../../../indexer/engine/graphql/graphql-service.ts";
import { IndexReader } from "../../../indexer/engine/graphql/index-reader.ts";
import { loadSubgraphBuild } from "../../../indexer/engine/manifest/subgraph-build.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { startIndexerOn } from "../fixture/test-indexer.ts";
import type { IndexingSubject, TestIndexer } from "../fixture/test-indexer.ts";
import { startGraphNode } from "../graph-node/graph-node.ts";
import type { GraphNode, GraphqlAnswer } from "../graph-node/graph-node.ts";
import { startOrphanKeeper } from "../graph-node/orphan-keeper.ts";

/** graph-node and the engine on the same chain. */
export interface ParityPair {
  readonly graphNode: GraphNode;
  readonly indexer: TestIndexer;
  /** Schema that graph-node answers introspection with. */
  readonly schema: GraphQLSchema;
  /** Waits until both are at the chain's head. */
  reachHead(): Promise<{ readonly number: number; readonly hash: string }>;
  /** Answers from the engine's database. */
  askEngine(query: string): GraphqlAnswer;
  /** Asks both and compares: the same data (true), or errors on both sides (false). */
  compare(query: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** The engine limits the cost of a query as graph-node can; with graph-node's limit set, it answers no introspection. */
const TOO_DEAR = /^query potentially returns/;

/** Starts both engines with the same build; resolves when both are at the head of the chain. */
export async function startParityPair(subject: IndexingSubject): Promise<ParityPair> {
  const { chain, subgraph, overrides } = subject;
  const indexer = startIndexerOn(subject);
  const keeper = await startOrphanKeeper(chain);
  const graphNode = await startGraphNode({ chainUrl: keeper.url, subgraph, overrides });
  const stop = async (): Promise<void> => {
    await indexer.stop();
    await graphNode.stop();
    await keeper.stop();
  };
  const reachHead: ParityPair["reachHead"] = async () => {
    await isCalm(chain);
    await keeper.remember();
    const head = await chain.head();
    await Promise.all([graphNode.reach(head), indexer.reachHead()]);
    return head;
  };
  try {
    await reachHead();
    const { data } = await graphNode.query(getIntrospectionQuery());
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    const { askEngine, close } = openEngine(indexer);
    const compare = (query: string): Promise<boolean> => compareAnswers(query, graphNode, askEngine);
    return { graphNode, indexer, schema, reachHead, askEngine, compare, stop: () => stop().finally(close) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until anvil has mined what waits, transactions of removed blocks among it, so that the head stays. */
async function isCalm({ rpc }: IndexingSubject["chain"]): Promise<void> {
  await waitUntil("no transaction waits in the mempool", async () => {
    const { pending } = await rpc<{ pending: Hex }>("txpool_status");
    return Number(pending) === 0;
  });
}

function openEngine({ config }: TestIndexer): { askEngine(query: string): GraphqlAnswer; close(): void } {
  const { schema } = loadSubgraphBuild(config.subgraph, config.overrides);
  const reader = new IndexReader(config.database);
  const service = new GraphqlService(schema, reader, config.queryTimeMs);
  return {
    askEngine: (query) => JSON.parse(JSON.stringify(service.execute({ query }))) as GraphqlAnswer,
    close: () => reader.close(),
  };
}

async function compareAnswers(
  query: string,
  graphNode: GraphNode,
  askEngine: ParityPair["askEngine"],
): Promise<boolean> {
  const ours = askEngine(query);
  if (TOO_DEAR.test(messages(ours))) return false;
  const theirs = await graphNode.query(query);
  const problems = `graph-node: ${messages(theirs)}; engine: ${messages(ours)}`;
  expect(ours.errors === undefined, `${problems}\n${query}`).to.equal(theirs.errors === undefined);
  if (theirs.errors === undefined) expect(ours.data, query).to.deep.equal(theirs.data);
  return theirs.errors === undefined;
}

function messages({ errors }: GraphqlAnswer): string {
  return errors?.map((error) => error.message).join("; ") ?? "no error";
}
