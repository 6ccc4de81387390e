import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { useConnection } from "wagmi";
import { EmptyState } from "../components/empty-state.tsx";
import { EntryPauseNotice } from "../components/entry-pause-notice.tsx";
import { ListingCompare } from "../components/listing-compare.tsx";
import { ListingFilters } from "../components/listing-filters.tsx";
import { ListingTable } from "../components/listing-table.tsx";
import { MarketTabs } from "../components/market-tabs.tsx";
import { Notice } from "../components/notice.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useBuyers, useListings, useMarketTokens } from "../hooks/use-market-queries.ts";
import { useSource } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { formatCount } from "../lib/format.ts";
import { LISTINGS_PER_PAGE, readSearch } from "../lib/listing-search.ts";
import { CHAIN_LISTING_LIMIT, type ListingView } from "../lib/listing-view.ts";

/** Listings that can be compared at once. */
const MAX_COMPARED = 4;

/** Where clients find and compare what is for rent. Filters and order are in the address, so that a view can be shared. */
export function MarketPage(): ReactNode {
  usePageTitle("Marketplace");
  const [params, setParams] = useSearchParams();
  const [cursors, setCursors] = useState<string[]>([]);
  const [compared, setCompared] = useState<readonly ListingView[]>([]);
  const { address } = useConnection();
  const source = useSource();
  const search = readSearch(params);
  const found = useListings(search, cursors.at(-1));
  const tokens = useMarketTokens();
  const ids = [...(found.data?.listings ?? []), ...compared].map(({ id }) => id);
  const buyers = useBuyers([...new Set(ids)], address).data ?? new Map();
  const change = (changes: Record<string, string>): void => {
    // The address itself: what is rendered may lag behind the change before, which would be lost.
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setCursors([]);
    setParams(next, { replace: true });
  };
  const compare = (id: number, isChosen: boolean): void => {
    const listing = found.data?.listings.find((one) => one.id === id);
    const others = compared.filter((one) => one.id !== id);
    setCompared(isChosen && listing ? [...others, listing] : others);
  };
  const clear = (): void => {
    setCursors([]);
    setParams({}, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <MarketTabs title="Marketplace">
        Capacity for rent, paid for proven epochs only: what the committee does not report as attested and healthy
        returns to you, without asking anyone.
      </MarketTabs>
      <EntryPauseNotice area="Lease" />
      {source === "chain" && (
        <Notice tone="warn">
          Without the indexer the newest {formatCount(CHAIN_LISTING_LIMIT)} listings are searched, and Trust Scores are
          not known.
        </Notice>
      )}
      {compared.length > 0 && (
        <ListingCompare
          listings={compared}
          buyers={buyers}
          onRemove={(id) => compare(id, false)}
          onClear={() => setCompared([])}
        />
      )}
      <Panel flush>
        <ListingFilters {...{ search, params }} tokens={tokens.data ?? []} onChange={change} />
        <QueryView query={found} height="20rem">
          {({ listings, total, next }) => (
            <>
              <p className="text-muted px-4 pb-2 text-sm sm:px-5" role="status">
                {formatCount(total)} listing{total === 1 ? "" : "s"}
              </p>
              {listings.length > 0 ? (
                <ListingTable
                  {...{ listings, buyers }}
                  compared={compared.map(({ id }) => id)}
                  canCompareMore={compared.length < MAX_COMPARED}
                  onCompare={compare}
                />
              ) : (
                <NothingFound isFiltered={params.size > 0} onClear={clear} />
              )}
              {(cursors.length > 0 || next !== undefined) && (
                <Pager
                  page={cursors.length + 1}
                  pages={Math.max(cursors.length + 1, Math.ceil(total / LISTINGS_PER_PAGE))}
                  onPage={(to) =>
                    setCursors(to > cursors.length && next ? [...cursors, next] : cursors.slice(0, to - 1))
                  }
                />
              )}
            </>
          )}
        </QueryView>
      </Panel>
    </div>
  );
}

function NothingFound({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }): ReactNode {
  return isFiltered ? (
    <EmptyState title="No listing fits">
      <button type="button" className="link" onClick={onClear}>
        Clear the filters
      </button>
    </EmptyState>
  ) : (
    <EmptyState title="Nothing is for rent yet">
      Operators list what their nodes offer under Provide; it appears here at once.
    </EmptyState>
  );
}
