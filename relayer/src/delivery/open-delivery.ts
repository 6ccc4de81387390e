import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { AgentConfig } from "../agent/config.ts";
import type { Journal } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { HotWallet } from "../self-proof/hot-wallet.ts";
import type { IntentKind } from "../submit/intent.ts";
import { capacityKind } from "./capacity-intent.ts";
import { CapacityKeeper } from "./capacity-keeper.ts";
import { LeaseBook } from "./lease-book.ts";
import { LeaseFolders } from "./lease-folders.ts";
import { leaseKinds } from "./lease-intents.ts";
import { LeaseProvider } from "./lease-provider.ts";
import { LeaseReads } from "./lease-reads.ts";
import { LeaseSecret } from "./lease-secret.ts";
import type { LeasesConfig } from "./leases-schema.ts";

/** What {@link openDelivery} needs. */
export interface DeliveryParts {
  config: Pick<AgentConfig, "nodeIndex">;
  leases: LeasesConfig;
  /** Shares that the agent attests, packed. */
  shares: bigint;
  dataDir: string;
  network: NetworkConfig;
  chain: ChainFollower;
  journal: Pick<Journal, "entriesSince">;
  log: Logger;
  /** Milliseconds between two looks at the chain; for tests. */
  passMs?: number;
}

/** The serving of leases, opened but not begun. */
export interface Delivery {
  /** Kinds of intents that its wallet must know. */
  readonly kinds: IntentKind[];
  /** Begins with the wallet of the node's operator. */
  start(wallet: HotWallet): LeaseProvider;
}

/** Opens what an agent needs to serve leases; the secret that everything is derived from is on disk afterwards. */
export async function openDelivery(parts: DeliveryParts): Promise<Delivery> {
  const { config, leases, shares, dataDir, network, chain, journal, log, passMs } = parts;
  const { nodeIndex } = config;
  const { NodeListings: listings, LeaseEscrow: escrow } = network.contracts;
  const secret = await LeaseSecret.open(dataDir);
  const book = new LeaseBook({ nodeIndex, network, chain });
  const reads = new LeaseReads(chain, network);
  const relayers = network.relayers.map(({ url }) => url);
  let capacity: CapacityKeeper | undefined;
  return {
    kinds: [...leaseKinds(chain, book), capacityKind(() => capacity?.shownUntil)],
    start(wallet) {
      capacity = new CapacityKeeper({ nodeIndex, shares, listings, relayers, chain, journal, reads, wallet, log });
      const folders = new LeaseFolders(dataDir, leases.keepFilesSeconds);
      const tools = {
        book,
        reads,
        secret,
        folders,
        capacity,
        wallet,
        ...(passMs !== undefined && { passMs }),
      };
      const keeper = new LeaseProvider({ nodeIndex, config: leases, shares, escrow, chain, ...tools, log });
      keeper.start();
      return keeper;
    },
  };
}
