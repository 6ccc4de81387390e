import type { Command } from "commander";
import { addLeaseConnectCommand } from "./lease-connect.ts";
import { addLeaseKeyCommands } from "./lease-key.ts";
import { addLeaseProbeCommand } from "./lease-probe.ts";

/** Adds what a client does with a lease that is delivered. @param lease The group `pqmesh lease`. */
export function addLeaseDeliveryCommands(lease: Command): void {
  addLeaseKeyCommands(lease);
  addLeaseConnectCommand(lease);
  addLeaseProbeCommand(lease);
}
