import type { IndexIdentity } from "../../../indexer/engine/store/index-store.ts";
import type { BlockHeader } from "../../../indexer/engine/rpc/chain-types.ts";
import { MarketIndex, randomListing, randomNode, TOKENS } from "../../../test/indexer/catalog/market-index.ts";
import { seededRandom } from "../../../test/indexer/fixture/random-activity.ts";

/** Listings of one node, on average. */
const PER_NODE = 10;
const PER_BLOCK = 10_000;

/** Where an index of many listings is to be written, and at which block it is to end. */
export interface ManyListings {
  readonly file: string;
  readonly identity: IndexIdentity;
  readonly head: BlockHeader;
  readonly count: number;
}

/** Fills a database with listings, their versions and nodes through the engine's own store, indexes included. */
export function fillWithListings({ file, identity, head, count }: ManyListings): void {
  const random = seededRandom(1);
  const nodes = Math.max(1, Math.floor(count / PER_NODE));
  const market = new MarketIndex(file, identity);
  const writeAll = (total: number, put: (number: number) => void): void => {
    for (let from = 1; from <= total; from += PER_BLOCK) {
      market.write(
        0,
        () => {
          for (let number = from; number < Math.min(from + PER_BLOCK, total + 1); number++) put(number);
        },
        false,
      );
    }
  };
  market.write(0, () => TOKENS.slice(0, 2).forEach((token) => market.putToken(token, true)), false);
  writeAll(nodes, (number) => market.putNode(randomNode(random, number - 1)));
  writeAll(count, (number) => market.putListing(randomListing(random, number, nodes)));
  market.store.begin();
  market.store.setHead(head);
  market.store.setHistoryFrom(head.number);
  market.store.commit();
  market.store.ensureIndexes();
  market.store.close();
}
