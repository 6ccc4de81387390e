import path from "node:path";
import type { Address } from "viem";
import { relayerConfigSchema } from "../config.ts";
import { lockInstance } from "../instance-lock.ts";
import { besideConfig, ConfigError, loadConfig } from "../service/load-config.ts";
import { readNetworkFile } from "../service/network-file.ts";
import { openDatabase } from "../store/database.ts";
import { PROTECTION_MIGRATIONS, ProtectionLog } from "./protection-log.ts";

/** The protection log of a relayer that does not run. */
export interface OpenedProtectionLog {
  log: ProtectionLog;
  close(): void;
}

/**
 * Opens the protection log of a relayer from its configuration, for this process alone.
 *
 * @param newMember Whose log is made when there is none yet; without it there must be one.
 * @throws InstanceLockedError while the relayer runs.
 * @throws Error when there is no log, or it belongs to another member or deployment.
 */
export function openProtectionLog(configFile: string, newMember?: Address): OpenedProtectionLog {
  const config = loadConfig(configFile, relayerConfigSchema);
  const { chainId, contracts } = readNetworkFile(besideConfig(configFile, config.network));
  const dataDir = besideConfig(configFile, config.dataDir);
  const lock = lockInstance(dataDir, "pqmesh relayer protection");
  try {
    const db = openDatabase(path.join(dataDir, "relayer.db"), PROTECTION_MIGRATIONS);
    const close = (): void => {
      db.close();
      lock.release();
    };
    try {
      const member = newMember ?? ProtectionLog.memberIn(db);
      if (!member) throw new ConfigError(`${dataDir} has no protection log: its relayer has never run`);
      return { log: new ProtectionLog(db, { chainId, bridge: contracts.AttestationBridge, member }), close };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}
