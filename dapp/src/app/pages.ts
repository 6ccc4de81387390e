import { lazy } from "react";

const LOAD = {
  overview: async () => ({ default: (await import("./overview-page.tsx")).OverviewPage }),
  nodes: async () => ({ default: (await import("./nodes-page.tsx")).NodesPage }),
  node: async () => ({ default: (await import("./node-page.tsx")).NodePage }),
  operate: async () => ({ default: (await import("./operate-page.tsx")).OperatePage }),
};

/** The table of nodes. */
export const NodesPage = lazy(LOAD.nodes);
/** One node. */
export const NodePage = lazy(LOAD.node);
/** Where operators act. */
export const OperatePage = lazy(LOAD.operate);
/** The network at a glance. */
export const OverviewPage = lazy(LOAD.overview);

/** Begins to load the page of an address, so that its code and `/network.json` travel together. */
export function preloadPage(path: string): void {
  if (path === "/") attempt(LOAD.overview);
  else if (path.startsWith("/nodes/")) attempt(LOAD.node);
  else if (path.startsWith("/nodes")) attempt(LOAD.nodes);
  else if (path.startsWith("/operate")) attempt(LOAD.operate);
}

/** Loads every page while the browser has nothing else to do, so that a change of page waits for nothing. */
export function preloadAllPages(): void {
  const loadAll = (): void => Object.values(LOAD).forEach(attempt);
  if ("requestIdleCallback" in window) requestIdleCallback(loadAll, { timeout: 5_000 });
  else setTimeout(loadAll, 2_000);
}

/** A page that cannot be loaded ahead is asked for again, and explained, when somebody opens it. */
function attempt(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}
