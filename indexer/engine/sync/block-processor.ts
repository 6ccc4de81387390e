import type { Logger } from "pino";

import { contextOfManifest, deserializeContext, serializeContext } from "../host/data-source-context.ts";
import type { DataSourceContext } from "../host/data-source-context.ts";
import { writeEvent } from "../host/event-object.ts";
import type { EventTrigger } from "../host/event-object.ts";
import { LOG_LEVEL } from "../host/host-context.ts";
import type { HostContext } from "../host/host-context.ts";
import { hostFunctions } from "../host/host-functions.ts";
import { BlockDataNeeded, MappingError } from "../host/mapping-error.ts";
import { MappingInstance } from "../host/mapping-instance.ts";
import type { SubgraphBuild } from "../manifest/subgraph-build.ts";
import type { ChainSource } from "../rpc/chain-source.ts";
import type { BlockPointer, ChainLog } from "../rpc/chain-types.ts";
import type { IndexStore, StoredDataSource } from "../store/index-store.ts";
import { bytesOfHex } from "../values/hex.ts";
import { BlockDataLoader } from "./block-data-loader.ts";
import { DataSourceSet } from "./data-source-set.ts";
import type { ActiveDataSource, MatchedHandler } from "./data-source-set.ts";

/** A handler that failed; the block was not kept. */
export interface BlockFailure {
  readonly handler: string;
  readonly message: string;
}

/** What came of a block. */
export interface BlockOutcome {
  /** Types of which an entity changed. */
  readonly changed: readonly string[];
  readonly handlersRun: number;
  /** Data sources that the block created, whose later logs the caller has yet to ask for. */
  readonly created: ReadonlySet<ActiveDataSource>;
  readonly failure: BlockFailure | undefined;
}

/** How to process a block. */
export interface BlockOptions {
  /** Record what the block replaces, so that it can be undone. */
  readonly history: boolean;
  /** Blocks that follow, for fetching ahead. */
  readonly upcoming: readonly BlockPointer[];
}

interface ProcessorParts {
  readonly build: SubgraphBuild;
  readonly store: IndexStore;
  readonly source: ChainSource;
  readonly logger: Logger;
  readonly blockData: "onDemand" | "always";
}

const PINO_LEVELS = ["error", "error", "warn", "info", "debug"] as const;

/** Runs the handlers of one block after the other. */
export class BlockProcessor {
  readonly sources: DataSourceSet;
  readonly #parts: ProcessorParts;
  readonly #loader: BlockDataLoader;
  readonly #instances = new Map<string, MappingInstance>();
  readonly #context: HostContext;
  /** Handlers that were seen to read more of the block than its number, hash and time. */
  readonly #needBlock = new Set<string>();
  #created: ActiveDataSource[] = [];
  #block: BlockPointer = { number: 0, hash: "", timestamp: 0 };

  /** @throws Error when a handler of the manifest is missing in its module */
  constructor(parts: ProcessorParts) {
    this.#parts = parts;
    this.#loader = new BlockDataLoader(parts.source);
    this.#context = this.#hostContext();
    this.sources = new DataSourceSet([...staticSources(parts.build), ...this.#storedSources()]);
    this.#loadModules();
  }

  /**
   * Runs all handlers of a block and ends it in the store. On a failure the store is back at the block before.
   * @throws Error when data that a handler needs cannot be fetched; the block has to be processed again
   */
  async process(block: BlockPointer, logs: readonly ChainLog[], options: BlockOptions): Promise<BlockOutcome> {
    const { entities } = this.#parts.store;
    this.#block = block;
    this.#created = [];
    entities.beginBlock(block.number);
    const added = new Set<ActiveDataSource>();
    let handlersRun = 0;
    try {
      handlersRun = await this.#runLogs(logs, options);
      while (this.#created.length > 0) handlersRun += await this.#runCreated(added, options);
      const changed = entities.endBlock(options.history);
      for (const source of added) this.#parts.store.addDataSource(toStored(source, block.number));
      return { changed, handlersRun, created: added, failure: undefined };
    } catch (error) {
      entities.rollbackBlock();
      this.sources.removeCreatedAfter(block.number - 1);
      if (!(error instanceof MappingError)) throw error;
      const failure = error instanceof HandlerFailure ? error : { handler: "(end of block)", message: error.message };
      return {
        changed: [],
        handlersRun,
        created: new Set(),
        failure: { handler: failure.handler, message: failure.message },
      };
    }
  }

  /** Runs the handlers of the sources that the block created, on the logs of the block itself. */
  async #runCreated(added: Set<ActiveDataSource>, options: BlockOptions): Promise<number> {
    const fresh = new Set(this.#created.filter((source) => this.sources.add(source)));
    this.#created = [];
    if (fresh.size === 0) return 0;
    for (const source of fresh) added.add(source);
    const { number, hash } = this.#block;
    const logs = await this.#parts.source.logs(number, number, this.sources.filter(fresh));
    if (logs.some((log) => log.blockHash !== hash))
      throw new Error(`the chain no longer has block ${number} (${hash})`);
    return this.#runLogs(logs, options, fresh);
  }

  async #runLogs(
    logs: readonly ChainLog[],
    options: BlockOptions,
    among?: ReadonlySet<ActiveDataSource>,
  ): Promise<number> {
    let handlersRun = 0;
    for (const log of logs) {
      for (const match of this.sources.match(log, among)) {
        if (!this.#tryHandler(match, log)) await this.#runWithBlock(match, log, options);
        handlersRun++;
      }
    }
    return handlersRun;
  }

  /** Runs a handler if everything it needs is at hand; false when it needs the block or a receipt. */
  #tryHandler(match: MatchedHandler, log: ChainLog): boolean {
    const full = this.#loader.known(log.blockHash);
    if (match.handler.receipt) return false;
    if (full === undefined && (this.#parts.blockData === "always" || this.#needBlock.has(handlerKey(match))))
      return false;
    return this.#run(match, { ...this.#trigger(match, log), fullBlock: full });
  }

  async #runWithBlock(match: MatchedHandler, log: ChainLog, options: BlockOptions): Promise<void> {
    this.#needBlock.add(handlerKey(match));
    const fullBlock = this.#loader.known(log.blockHash) ?? (await this.#loader.load(this.#block, options.upcoming));
    const receipt = match.handler.receipt ? await this.#loader.receipt(log.transactionHash, this.#block) : undefined;
    this.#run(match, { ...this.#trigger(match, log), fullBlock, receipt });
  }

  #trigger({ handler, parameters }: MatchedHandler, log: ChainLog): EventTrigger {
    const { parameterNames } = handler.decoder;
    return { log, block: this.#block, parameterNames, parameters, fullBlock: undefined, receipt: undefined };
  }

  /** False when the handler wants block data that the trigger lacks; its changes are taken back then. */
  #run({ source, handler }: MatchedHandler, trigger: EventTrigger): boolean {
    const { entities } = this.#parts.store;
    const created = this.#created.length;
    this.#context.dataSource = source;
    entities.beginHandler();
    try {
      this.#instances.get(source.mapping.wasmFile)?.run({
        handler: handler.handler,
        incomplete: trigger.fullBlock === undefined,
        writeArgument: (heap, names) => writeEvent(heap, names, trigger),
      });
      return true;
    } catch (error) {
      entities.rollbackHandler();
      this.#created.length = created;
      if (error instanceof BlockDataNeeded) return false;
      if (!(error instanceof MappingError)) throw error;
      this.#recordFailure(source, handler.handler, error);
      return true;
    }
  }

  /** With the feature `nonFatalErrors` the handler is skipped and noted; otherwise the block fails. */
  #recordFailure(source: ActiveDataSource, handler: string, error: MappingError): void {
    const { build, store, logger } = this.#parts;
    const message = error.message;
    logger.error({ dataSource: source.name, handler, block: this.#block.number, error: message }, "handler failed");
    if (!build.nonFatalErrors) throw new HandlerFailure(handler, message);
    store.addError({ block: this.#block.number, blockHash: this.#block.hash, handler, message, fatal: false });
  }

  #hostContext(): HostContext {
    const { store, logger } = this.#parts;
    return {
      heap: undefined as never,
      names: new Map(),
      store: store.entities,
      dataSource: undefined as never,
      log: (level, message) => {
        const name = PINO_LEVELS[Math.min(level, LOG_LEVEL.debug)] ?? "debug";
        logger[name]({ dataSource: this.#context.dataSource.name, block: this.#block.number }, message);
      },
      createDataSource: (template, params, context) => this.#create(template, params, context),
    };
  }

  #create(name: string, params: readonly string[], context: DataSourceContext): void {
    const { templates } = this.#parts.build;
    if (!templates.some((template) => template.name === name)) {
      const known = templates.map((template) => template.name).join(", ");
      throw new MappingError(
        `Failed to create data source from name \`${name}\`: no template with this name. Available names: ${known}.`,
      );
    }
    const address = (params[0] ?? "").replace(/^0x/, "").toLowerCase();
    if (!/^[0-9a-f]{40}$/.test(address)) {
      throw new MappingError(
        `Failed to create data source from template \`${name}\`: \`${params[0] ?? ""}\` is not an address`,
      );
    }
    const stored = {
      template: name,
      address: `0x${address}`,
      context: serializeContext(context),
      block: this.#block.number,
    };
    this.#created.push(createdSource(this.#parts.build, stored));
  }

  #storedSources(): ActiveDataSource[] {
    return this.#parts.store.dataSources().map((stored) => createdSource(this.#parts.build, stored));
  }

  #loadModules(): void {
    const { build } = this.#parts;
    const context = this.#context;
    const functions = hostFunctions(context);
    const sources = [...build.dataSources, ...build.templates];
    const fields = [...build.schema.entities.values()].flatMap((type) => type.columns.map((field) => field.name));
    for (const [file, binary] of build.wasm) {
      const mappings = sources.map((source) => source.mapping).filter((mapping) => mapping.wasmFile === file);
      const handlers = mappings.flatMap((mapping) => mapping.handlers);
      const names = new Set([...fields, ...handlers.flatMap((handler) => handler.decoder.parameterNames)]);
      const instance = loadModule(file, () => new MappingInstance(binary, [...names], { context, functions }));
      const missing = handlers.find((handler) => !instance.exports(handler.handler));
      if (missing !== undefined)
        throw new Error(`${file} of the subgraph build lacks the handler \`${missing.handler}\``);
      this.#instances.set(file, instance);
    }
  }
}

/** A mapping error with the handler in which it happened. */
class HandlerFailure extends MappingError {
  readonly handler: string;

  constructor(handler: string, message: string) {
    super(message);
    this.handler = handler;
  }
}

function loadModule(file: string, load: () => MappingInstance): MappingInstance {
  try {
    return load();
  } catch (error) {
    throw new Error(`${file} of the subgraph build cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}

function handlerKey({ source, handler }: MatchedHandler): string {
  return `${source.mapping.wasmFile}:${handler.handler}`;
}

function staticSources(build: SubgraphBuild): ActiveDataSource[] {
  return build.dataSources.map((source) => ({
    name: source.name,
    network: source.network,
    address: source.address === undefined ? new Uint8Array() : bytesOfHex(source.address),
    addressHex: source.address,
    context: contextOfManifest(source.context),
    apiVersion: source.mapping.apiVersion,
    startBlock: source.startBlock,
    endBlock: source.endBlock,
    mapping: source.mapping,
    identity: `static:${source.name}`,
    createdAt: undefined,
  }));
}

function createdSource(build: SubgraphBuild, stored: StoredDataSource): ActiveDataSource {
  const template = build.templates.find((candidate) => candidate.name === stored.template);
  if (template === undefined)
    throw new Error(`the database names the template \`${stored.template}\`, which subgraph.yaml lacks`);
  return {
    name: template.name,
    network: template.network,
    address: bytesOfHex(stored.address),
    addressHex: stored.address,
    context: deserializeContext(stored.context),
    apiVersion: template.mapping.apiVersion,
    startBlock: stored.block,
    endBlock: undefined,
    mapping: template.mapping,
    identity: JSON.stringify([stored.template, stored.address, stored.context]),
    createdAt: stored.block,
  };
}

function toStored(source: ActiveDataSource, block: number): StoredDataSource {
  return { template: source.name, address: source.addressHex ?? "", context: serializeContext(source.context), block };
}
