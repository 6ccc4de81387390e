import { collectDefaultMetrics, Registry } from "prom-client";

/** Makes a registry with the process's own figures, labelled with the service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 500 });
  return registry;
}
