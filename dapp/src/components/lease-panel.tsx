import type { SignedOffer } from "@pqmesh/contracts/protocol/market-statements";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useEntryPause } from "../hooks/use-entry-pauses.ts";
import { useBuyers } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatCount } from "../lib/format.ts";
import { breachSentence, pricePerDay, proposedChoice, REFUND_SENTENCE } from "../lib/lease-cost.ts";
import { eligibilityOf } from "../lib/lease-eligibility.ts";
import { bondFor, freeUnits, type ListingStanding, type ListingView } from "../lib/listing-view.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { readOffer } from "../lib/read-offer.ts";
import { formatToken } from "../lib/token-amount.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import { EligibilityBadge } from "./eligibility-badge.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { PartBoundary } from "./part-boundary.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";

/** Its code makes post-quantum keys, which a look at the listing does not wait for. */
const LeaseWizard = lazy(async () => ({ default: (await import("./lease-wizard.tsx")).LeaseWizard }));

/** What a lease costs, whether the connected wallet can open one, and the button that does. */
export function LeasePanel({
  listing,
  standing,
  parameters,
}: {
  listing: ListingView;
  standing: ListingStanding;
  parameters: NetworkParameterTable | undefined;
}): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const [isOpen, setOpen] = useState(false);
  const [offer, setOffer] = useState<{ wallet: Address; signed: SignedOffer }>();
  const own = offer && offer.wallet === address ? offer.signed : undefined;
  const buyers = useBuyers([listing.id], address).data;
  const buyer = address && buyers ? (own ? "Invited" : buyers.get(listing.id)) : undefined;
  const eligibility = eligibilityOf(listing.privacy, buyer);
  const { terms, unit } = listing;
  const pause = useEntryPause("Lease");
  const refusal = pause ?? openProblem(listing, standing);
  const hazard = bondHazard(listing, standing);
  return (
    <Panel title="Lease">
      <div className="grid gap-3">
        <p>
          <span className="text-2xl font-semibold tracking-tight">{formatToken(terms.price, unit, unit.decimals)}</span>{" "}
          <span className="text-muted">
            a unit and epoch, {formatToken(pricePerDay(terms, config.epoch), unit, 2)} a day
          </span>
        </p>
        <p className="text-sm">{REFUND_SENTENCE}</p>
        <p className="text-sm">{breachSentence(terms, proposedChoice(terms, config.epoch, standing.rule), unit)}</p>
        {address && buyer !== undefined && (
          <p className="text-sm" data-testid="eligibility">
            <EligibilityBadge eligibility={eligibility} /> <span className="text-muted">{eligibility.sentence}</span>
          </p>
        )}
        {refusal && <Notice tone="warn">{refusal}</Notice>}
        {!refusal && hazard && <Notice tone="warn">{hazard}</Notice>}
        {listing.privacy === "P2P" && address && !own && (
          <OfferField listing={listing} wallet={address} onOffer={(signed) => setOffer({ wallet: address, signed })} />
        )}
        {address ? (
          <button
            type="button"
            className="button button-primary"
            disabled={!eligibility.may || refusal !== undefined || buyer === undefined || !parameters}
            onClick={() => setOpen(true)}
          >
            Lease
          </button>
        ) : (
          <ConnectDialog label="Connect a wallet to lease" />
        )}
        {isOpen && address && parameters && (
          <PartBoundary part="lease wizard">
            <Suspense fallback={null}>
              <LeaseWizard
                key={address}
                {...{ listing, wallet: address, offer: own }}
                rule={standing.rule}
                feeBp={Number(parameterValue(parameters, "leaseFeeBp"))}
                onClose={() => setOpen(false)}
              />
            </Suspense>
          </PartBoundary>
        )}
      </div>
    </Panel>
  );
}

function OfferField({
  listing,
  wallet,
  onOffer,
}: {
  listing: ListingView;
  wallet: Address;
  onOffer: (signed: SignedOffer) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime(5_000);
  const [problem, setProblem] = useState<string>();
  return (
    <div className="grid gap-2">
      <SignatureFileField
        testId="offer-file"
        label="Load an offer file"
        onFile={(file) => {
          const reading = "problem" in file ? file : readOffer(file.text, { config, listing, wallet, now: seconds });
          if ("offer" in reading) onOffer(reading.offer);
          setProblem("problem" in reading ? reading.problem : undefined);
        }}
      />
      {problem && <p className="text-bad text-sm">{problem}</p>}
    </div>
  );
}

/** Why nobody can open a lease now. */
function openProblem(listing: ListingView, { rule, offeredBp, attestedBp }: ListingStanding): string | undefined {
  if (listing.isRetired) return "This listing is retired for good.";
  if (listing.isPaused) return "The provider has paused this listing.";
  if (freeUnits(listing) < 1) return "All units are leased.";
  if (!rule.isAllowed) return `The DAO does not allow new leases in ${listing.unit.symbol} now.`;
  if (offeredBp > attestedBp) {
    return `The node offers ${formatBp(offeredBp, 2)} of its ${listing.kind} but attests ${formatBp(attestedBp, 2)}: no lease can be opened until its agent attests more.`;
  }
  return undefined;
}

/** Why the provider could not accept now. */
function bondHazard({ terms, unit }: ListingView, { bond }: ListingStanding): string | undefined {
  const needed = bondFor(terms, 1);
  if (bond.free >= needed) return undefined;
  return `The provider has ${formatToken(bond.free, unit)} of free bond, and ${formatToken(needed, unit)} are needed for a unit: it cannot accept before it deposits more. If it does not accept within ${formatCount(terms.acceptEpochs)} epochs, everything returns to you.`;
}
