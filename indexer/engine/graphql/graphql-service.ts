import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLFieldResolver, GraphQLResolveInfo } from "graphql";
import { execute, executeSync, getOperationAST, getVariableValues, GraphQLError, parse, validate } from "graphql";

import type { EntitySchema } from "../schema/entity-schema.ts";
import { buildApiSchema } from "./api-schema.ts";
import type { ApiSchema } from "./api-schema.ts";
import type { BlockArgument, QueryBlock } from "./block-constraint.ts";
import { locateBlock } from "./block-constraint.ts";
import { EntityLoader, resolveField } from "./entity-loader.ts";
import type { EntityNode } from "./entity-loader.ts";
import type { IndexReader } from "./index-reader.ts";
import { queryDependencies } from "./query-dependencies.ts";
import { checkLimits } from "./query-limits.ts";
import { ReaderPool } from "./reader-pool.ts";
import { WorkTime } from "./work-time.ts";

/** A GraphQL request as clients send it. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** Tokens that a query document may have. */
const MAX_TOKENS = 10_000;
const CACHED_DOCUMENTS = 500;
const LONGEST_CACHED = 20_000;
/** Milliseconds of work up to which a request is short. */
const SHORT_MS = 20;
/** Fields that are answered even when errors forbid the rest. */
const ERROR_FREE_FIELDS = new Set(["_meta", "__schema", "__type", "__typename"]);

/** What the resolvers of one request share. */
interface RequestContext {
  readonly reader: IndexReader;
  /** Does the work of a root field. */
  readonly turn: <T>(work: () => T) => T | Promise<T>;
  /** Set when a field was answered at a block after a skipped handler failure. */
  sawErrors: boolean;
  deniesErrors: boolean;
}

/** A request that may be executed. */
interface Prepared {
  readonly args: Omit<ExecutionArgs, "contextValue">;
}

/** Answers GraphQL requests in graph-node's dialect. */
export class GraphqlService {
  readonly #api: ApiSchema;
  readonly #reader: IndexReader;
  readonly #readers: ReaderPool;
  readonly #timeLimit: number;
  readonly #documents = new Map<string, DocumentNode | readonly GraphQLError[]>();

  /** @param timeLimit milliseconds of work on one request */
  constructor(schema: EntitySchema, reader: IndexReader, timeLimit: number) {
    this.#api = buildApiSchema(schema);
    this.#reader = reader;
    this.#readers = new ReaderPool(reader);
    this.#timeLimit = timeLimit;
    this.#attachResolvers();
  }

  /** Answers one request without a pause; everything wrong with it is in the result's `errors`. */
  execute(request: GraphqlRequest): ExecutionResult {
    const prepared = this.#prepare(request);
    return "errors" in prepared ? prepared : this.#atOnce(prepared, new WorkTime(this.#timeLimit));
  }

  /**
   * The same for many clients: a short request is answered at once, however many long ones are under way; a long one
   * begins anew and lets others have their turn between its root fields.
   */
  async answer(request: GraphqlRequest): Promise<ExecutionResult> {
    const prepared = this.#prepare(request);
    if ("errors" in prepared) return prepared;
    const time = new WorkTime(Math.min(SHORT_MS, this.#timeLimit));
    const result = this.#atOnce(prepared, time);
    return time.problem === undefined ? result : this.#byTurns(prepared);
  }

  /** Closes what long requests have opened. */
  close(): void {
    this.#readers.close();
  }

  /** Entity types that the answer of a query can depend on; undefined when the query is not valid. */
  dependencies(query: string): ReadonlySet<string> | undefined {
    const document = this.#document(query);
    return "kind" in document ? queryDependencies(this.#api, document) : undefined;
  }

  /** What is wrong with a document, or the kind of its operation. */
  inspect({ query, operationName }: GraphqlRequest): { errors: readonly GraphQLError[] } | { operation: string } {
    const document = this.#document(query);
    if (!("kind" in document)) return { errors: document };
    const operation = getOperationAST(document, operationName);
    if (operation !== null && operation !== undefined) return { operation: operation.operation };
    return { errors: [new GraphQLError("Name one operation of the document as `operationName`")] };
  }

  #atOnce({ args }: Prepared, time: WorkTime): ExecutionResult {
    return this.#reader.snapshot(time, () => {
      const context = createContext(this.#reader, (work) => work());
      return complete(executeSync({ ...args, contextValue: context }), context, time);
    });
  }

  #byTurns({ args }: Prepared): Promise<ExecutionResult> {
    return this.#readers.use((reader) => {
      const time = new WorkTime(this.#timeLimit);
      return reader.longSnapshot(time, async () => {
        const context = createContext(reader, (work) => time.inTurn(work));
        return complete(await execute({ ...args, contextValue: context }), context, time);
      });
    });
  }

  #document(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#documents.get(query);
    if (known !== undefined) return known;
    const document = this.#parse(query);
    if (query.length > LONGEST_CACHED) return document;
    if (this.#documents.size >= CACHED_DOCUMENTS) this.#documents.delete(this.#documents.keys().next().value ?? "");
    this.#documents.set(query, document);
    return document;
  }

  #parse(query: string): DocumentNode | readonly GraphQLError[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MAX_TOKENS });
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
    const errors = validate(this.#api.schema, document);
    return errors.length === 0 ? document : errors;
  }

  #prepare(request: GraphqlRequest): Prepared | { readonly errors: readonly GraphQLError[] } {
    const document = this.#document(request.query);
    if (!("kind" in document)) return { errors: document };
    const operation = getOperationAST(document, request.operationName);
    if (operation === null || operation === undefined) {
      return { errors: [new GraphQLError("Name one operation of the document as `operationName`")] };
    }
    const { schema } = this.#api;
    const given = request.variables ?? {};
    const variables = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (variables.errors !== undefined) return { errors: variables.errors };
    try {
      checkLimits({ schema, document, variables: variables.coerced }, operation);
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
    return {
      args: {
        schema,
        document,
        variableValues: given,
        operationName: operation.name?.value ?? null,
        fieldResolver: resolveBelow,
        typeResolver: (node) => (node as EntityNode).type.name,
      },
    };
  }

  #attachResolvers(): void {
    for (const root of [this.#api.schema.getQueryType(), this.#api.schema.getSubscriptionType()]) {
      const fields = root?.getFields() ?? {};
      for (const [name, field] of Object.entries(fields)) {
        field.resolve = name === "_meta" ? this.#resolveMeta() : this.#resolveRoot(name);
      }
    }
  }

  #resolveRoot(name: string): GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>> {
    const root = this.#api.rootFields.get(name);
    return (_source, args, context, info) => {
      if (root === undefined) return null;
      return context.turn(() => {
        const block = this.#locate(args, context);
        const loader = new EntityLoader({
          api: this.#api,
          statements: context.reader.statements,
          context: {
            fragments: info.fragments,
            variables: info.variableValues,
          },
          at: block.at,
        });
        const selections = info.fieldNodes.flatMap((node) => node.selectionSet ?? []);
        if (root.list) return loader.many(root.typeName, args, selections);
        return loader.one(root.typeName, String(args["id"]), selections);
      });
    };
  }

  #resolveMeta(): GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>> {
    return (_source, args, { reader }) => {
      const block = locateBlock(reader, args["block"] as BlockArgument | undefined);
      const { header, number } = block;
      return {
        block: {
          number,
          hash: header?.hash ?? null,
          timestamp: header?.timestamp ?? null,
          parentHash: header?.parentHash ?? null,
        },
        deployment: reader.deployment(),
        hasIndexingErrors: reader.hasErrors(number),
      };
    };
  }

  #locate(args: Record<string, unknown>, context: RequestContext): QueryBlock {
    const block = locateBlock(context.reader, args["block"] as BlockArgument | undefined);
    if (context.reader.hasSkippedErrors(block.number)) {
      context.sawErrors = true;
      if (args["subgraphError"] !== "allow") context.deniesErrors = true;
    }
    return block;
  }
}

function createContext(reader: IndexReader, turn: RequestContext["turn"]): RequestContext {
  return { reader, turn, sawErrors: false, deniesErrors: false };
}

/** What the client is told: nothing but the reason when the time was up. */
function complete(result: ExecutionResult, context: RequestContext, { problem }: WorkTime): ExecutionResult {
  if (problem !== undefined) return { errors: [problem] };
  return context.sawErrors && result.errors === undefined ? withIndexingError(result, context) : result;
}

/** Fields below the root: of entities, or of plain objects such as `_meta`. */
function resolveBelow(source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown {
  const node = source as EntityNode | Record<string, unknown>;
  if ("children" in node && node.children instanceof Map) {
    return resolveField(node as EntityNode, info.fieldName, String(info.path.key));
  }
  return (node as Record<string, unknown>)[info.fieldName];
}

/** After a skipped failure data is withheld unless the query allows it; the error is reported either way. */
function withIndexingError(result: ExecutionResult, { deniesErrors }: RequestContext): ExecutionResult {
  const errors = [new GraphQLError("indexing_error")];
  if (!deniesErrors) return { ...result, errors };
  const kept = Object.entries(result.data ?? {}).filter(([key]) => ERROR_FREE_FIELDS.has(key));
  return { errors, data: kept.length === 0 ? null : Object.fromEntries(kept) };
}
