import { Counter, Gauge, type Registry } from "prom-client";

/** Prometheus metrics of the keeper of leases. */
export interface KeeperMetrics {
  open: Gauge;
  due: Gauge;
  failing: Gauge;
  sweeps: Counter;
  swept: Counter;
  lookFailures: Counter;
}

/** Creates the metrics and registers them. */
export function createKeeperMetrics(registry: Registry): KeeperMetrics {
  const registers = [registry];
  const name = (suffix: string) => `pqmesh_keeper_${suffix}`;
  return {
    open: new Gauge({ name: name("open_leases"), help: "Leases that are not closed", registers }),
    due: new Gauge({ name: name("due_leases"), help: "Leases that anyone can close now and nobody closed", registers }),
    failing: new Gauge({
      name: name("failing_leases"),
      help: "Leases that should be closed and cannot be: tried again ever more rarely",
      registers,
    }),
    sweeps: new Counter({ name: name("sweeps_total"), help: "Sweeps handed to the submitter", registers }),
    swept: new Counter({ name: name("swept_leases_total"), help: "Leases in these sweeps", registers }),
    lookFailures: new Counter({
      name: name("look_failures_total"),
      help: "Looks at leases that the RPC endpoint did not let finish",
      registers,
    }),
  };
}
