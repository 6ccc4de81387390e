import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { useConnection } from "wagmi";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { LeasePanel } from "../components/lease-panel.tsx";
import { LeaseTable } from "../components/lease-table.tsx";
import { ListingBacking, ListingSpecs, ListingTerms } from "../components/listing-facts.tsx";
import { ListingVersions } from "../components/listing-versions.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { StandingBadge } from "../components/standing-badge.tsx";
import { TrustPanel } from "../components/trust-panel.tsx";
import { UptimeHeatmap } from "../components/uptime-heatmap.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useOwnLeases } from "../hooks/use-lease-queries.ts";
import { useListing, useListingStanding } from "../hooks/use-market-queries.ts";
import { useNode, useParameters, usePresence } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { ListingView } from "../lib/listing-view.ts";
import type { NodeDetail } from "../lib/network-view.ts";
import { nodeStanding } from "../lib/node-standing.ts";
import type { Address } from "viem";

/** The page of one listing, where a client leases. */
export function ListingPage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Listing ${id}`);
  if (!/^[1-9]\d{0,8}$/.test(id)) return <NoSuchListing id={id} />;
  return <KnownNumber key={id} id={Number(id)} />;
}

function KnownNumber({ id }: { id: number }): ReactNode {
  const query = useListing(id);
  return (
    <QueryView query={query} height="32rem">
      {(listing) => (listing ? <Found listing={listing} /> : <NoSuchListing id={String(id)} />)}
    </QueryView>
  );
}

function Found({ listing }: { listing: ListingView }): ReactNode {
  const { address } = useConnection();
  const { nodeIndex, kind, id } = listing;
  const standing = useListingStanding(listing);
  const node = useNode(nodeIndex);
  const parameters = useParameters();
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/market" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All listings
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>
            {kind} of <Link to={`/nodes/${nodeIndex}`}>node {nodeIndex}</Link>
          </h1>
          <span className="text-muted">listing {id}</span>
          {node.data && <NodeBadge node={node.data} />}
        </div>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-4">
          <ListingSpecs listing={listing} />
          <ListingTerms listing={listing} />
          <QueryView query={node} height="14rem">
            {(found) => found && <ProvenUptime node={found} />}
          </QueryView>
          {address && <OwnLeasesOf wallet={address} listing={listing} />}
          <ListingVersions listing={listing} />
        </div>
        <div className="grid gap-4">
          <QueryView query={standing} height="16rem">
            {(backing) => (
              <>
                <LeasePanel listing={listing} standing={backing} parameters={parameters.data} />
                <ListingBacking listing={listing} standing={backing} />
              </>
            )}
          </QueryView>
          {node.data && <TrustPanel node={node.data} parameters={parameters.data} />}
        </div>
      </div>
    </div>
  );
}

function NodeBadge({ node }: { node: NodeDetail }): ReactNode {
  const presence = usePresence().nodes.get(node.nodeIndex);
  const { epoch = 0 } = useChainTime();
  return <StandingBadge standing={nodeStanding(node, presence?.state, epoch)} />;
}

function ProvenUptime({ node }: { node: NodeDetail }): ReactNode {
  const [chosen, setChosen] = useState<number>();
  const rows = () => node.history.map((cell) => [cell.epoch, cell.status, cell.quality]);
  return (
    <Panel
      title="Proven uptime"
      hint={`The last ${node.history.length} epochs as the committee reported them, newest at the right`}
      actions={
        <CsvButton
          file={`pqmesh-node-${node.nodeIndex}-uptime.csv`}
          header={["epoch", "status", "quality"]}
          rows={rows}
        />
      }
    >
      <UptimeHeatmap cells={node.history} selected={chosen} onSelect={setChosen} />
    </Panel>
  );
}

function OwnLeasesOf({ wallet, listing }: { wallet: Address; listing: ListingView }): ReactNode {
  const { open = [], closed = [] } = useOwnLeases(wallet).data ?? {};
  const leases = [...open, ...closed].filter(({ listingId }) => listingId === listing.id);
  if (leases.length === 0) return null;
  return (
    <Panel title="Your leases of it" flush>
      <LeaseTable leases={leases} />
    </Panel>
  );
}

function NoSuchListing({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no listing ${id}`}>
      <Link className="link" to="/market">
        See all listings
      </Link>
    </EmptyState>
  );
}
