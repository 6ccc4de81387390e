import { transactionShape } from "@pqmesh/contracts/protocol/catalog-api";
import { z } from "zod";

import type { ExtensionHost } from "../../engine/server/extension.ts";
import type { CatalogSettings } from "../extension.ts";
import { check, type Route } from "../routes.ts";
import { type Action, BODIES, SUMMARIES } from "./actions.ts";
import type { TransactionBuilder } from "./transaction-builder.ts";

/** The routes that build transactions; what that needs beside the index is loaded with the first of them. */
export function transactionRoutes({ config }: ExtensionHost, { contracts }: CatalogSettings): Route[] {
  let builder: Promise<TransactionBuilder> | undefined;
  const load = async (): Promise<TransactionBuilder> => {
    const [{ MarketChain }, { TransactionBuilder: Builder }] = await Promise.all([
      import("./market-chain.ts"),
      import("./transaction-builder.ts"),
    ]);
    return new Builder(new MarketChain(config, contracts));
  };
  return (Object.keys(BODIES) as Action[]).map((action) => ({
    method: "POST",
    path: `/v1/transactions/${action}`,
    summary: `${SUMMARIES[action]} (unsigned transaction)`,
    params: z.strictObject({}),
    query: z.strictObject({}),
    body: BODIES[action],
    answer: transactionShape,
    handle: async (request, reply) => {
      const body = check(BODIES[action], request.body);
      builder ??= load();
      const transaction = await (await builder).build(action, body);
      return reply.header("cache-control", "no-store").send(transaction);
    },
  }));
}
