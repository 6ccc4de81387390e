import { pathToFileURL } from "node:url";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { usageError } from "../exit-error.ts";
import type { GraphqlService } from "../graphql/graphql-service.ts";
import type { IndexingStatus } from "../sync/indexing-event.ts";

/** What a module gets that serves more from an index. */
export interface ExtensionHost {
  /** Takes routes until it listens; register a scope of your own for hooks and error handlers. */
  readonly server: FastifyInstance;
  readonly config: IndexerConfig;
  readonly graphql: GraphqlService;
  readonly status: () => IndexingStatus;
  readonly logger: Logger;
  readonly version: string;
}

/** A running extension. */
export interface Extension {
  /** Called after each committed block or batch, and after blocks were unwound; the database has the new state then. */
  committed(): void;
  stop(): Promise<void>;
}

/** What an extension's module exports. */
interface ExtensionModule {
  /** @throws Error in one sentence when the settings are wrong */
  createExtension(host: ExtensionHost, settings: unknown): Promise<Extension>;
}

/** Starts the extensions of a config, in order. @throws Error that names the module when one cannot be started. */
export async function startExtensions(host: ExtensionHost): Promise<Extension[]> {
  const started: Extension[] = [];
  for (const { module, settings } of host.config.extensions) {
    try {
      const { createExtension } = (await import(pathToFileURL(module).href)) as ExtensionModule;
      started.push(await createExtension(host, settings));
    } catch (error) {
      for (const extension of started) await extension.stop();
      throw usageError(`extension ${module}: ${(error as Error).message}`, error);
    }
  }
  return started;
}
