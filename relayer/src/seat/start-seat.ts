import type { DatabaseSync } from "node:sqlite";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ReportSource } from "../read/report-source.ts";
import type { IntentKind } from "../submit/intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import { collectKind } from "./collect-intent.ts";
import { EpochWatch } from "./epoch-watch.ts";
import { FeeCollector } from "./fee-collector.ts";
import { ShownSignatures } from "./shown-signatures.ts";
import { SilenceKeeper } from "./silence-keeper.ts";
import { silenceKinds } from "./silence-intents.ts";

/** What {@link startSeat} needs. */
export interface SeatOptions {
  /** Opened with `SEAT_MIGRATIONS`. */
  db: DatabaseSync;
  chain: ChainFollower;
  /** Knows the kinds of {@link seatKinds}. */
  submitter: Submitter;
  contracts: NetworkConfig["contracts"];
  /** This relayer. */
  address: Address;
  /** Where its own signatures are. */
  reports: ReportSource;
  /** MESH wei of its own that must be there to collect fees; undefined: others collect them. */
  collectFromWei: bigint | undefined;
  /** False leaves it to others to take the seats of silent members. */
  removesSilent: boolean;
  log: Logger;
}

/** Kinds of intents that a submitter needs for a seat. */
export function seatKinds(chain: ChainFollower): IntentKind[] {
  return [collectKind(chain), ...silenceKinds(chain)];
}

/** Starts to look after a seat: the fees of its reports, that it is kept, and that others sign, too. */
export function startSeat({ db, contracts, collectFromWei, ...options }: SeatOptions): { stop(): void } {
  const fees = contracts.CommitteeFees;
  const silence = new SilenceKeeper({ ...options, fees, shown: new ShownSignatures(db) });
  const isCollecting = collectFromWei !== undefined;
  const collectors = isCollecting ? [new FeeCollector({ ...options, fees, collectFromWei })] : [];
  const watch = new EpochWatch(options.chain, [silence, ...collectors]);
  watch.start();
  return watch;
}
