import type { ExtensionHost } from "../../engine/server/extension.ts";
import type { CatalogSettings } from "../extension.ts";
import type { Route } from "../routes.ts";

/** The routes that build transactions. */
export function transactionRoutes(_host: ExtensionHost, _settings: CatalogSettings): Route[] {
  return [];
}
