import { formatOffer, offerTypedData } from "@pqmesh/contracts/protocol/market-statements";
import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSignature } from "../hooks/use-signature.ts";
import { downloadFile } from "../lib/download-file.ts";
import { formatCount } from "../lib/format.ts";
import { freeUnits, type ListingView } from "../lib/listing-view.ts";
import { AddressField, addressProblem, readAddress } from "./address-field.tsx";
import { NumberField } from "./number-field.tsx";

/** Signs an offer to one client, which gets it as a file. */
export function OfferForm({ listing, wallet }: { listing: ListingView; wallet: Address }): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime(5_000);
  const signature = useSignature();
  const [client, setClient] = useState("");
  const [units, setUnits] = useState("1");
  const [hours, setHours] = useState("24");
  const free = freeUnits(listing);
  const reader = readAddress(client);
  const count = Number(units);
  const isValid = reader !== undefined && count >= 1 && count <= free && Number(hours) >= 1 && Number(hours) <= 8_760;
  const sign = (): void => {
    if (!isValid || seconds === undefined) return;
    const domain = { chainId: config.chainId, contract: config.contracts.NodeListings };
    const nonce = crypto.getRandomValues(new BigUint64Array(1))[0]!;
    const expiresAt = BigInt(Math.floor(seconds) + Number(hours) * 3_600);
    const offer = { listingId: listing.id, version: listing.version, client: reader, units: count, expiresAt, nonce };
    signature.sign(offerTypedData(domain, offer), (signed) => {
      const text = formatOffer({ ...domain, offer, signer: wallet, signature: signed });
      downloadFile(`pqmesh-offer-${listing.id}-${reader.slice(2, 8)}.json`, text, "application/json");
    });
  };
  return (
    <form
      className="bg-well grid gap-4 rounded-lg p-4"
      onSubmit={(event) => {
        event.preventDefault();
        sign();
      }}
    >
      <AddressField label="Client" value={client} onChange={setClient} problem={addressProblem(client)}>
        Wallet that may lease with this offer
      </AddressField>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          label="Units"
          value={units}
          hint={`${formatCount(free)} free`}
          problem={count < 1 || count > free ? `1 to ${formatCount(free)} units can be offered.` : undefined}
          onChange={setUnits}
        />
        <NumberField label="Valid for, hours" value={hours} hint="1 to 8,760" onChange={setHours} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="button button-primary" disabled={!isValid || signature.isPending}>
          {signature.isPending ? "Sign in the wallet …" : "Sign an offer file"}
        </button>
        <span role="status" className="text-muted text-sm">
          {signature.isDone && "Signed: give the file to the client. It is for the version on offer now."}
          {signature.problem && <span className="text-bad">{signature.problem}</span>}
        </span>
      </div>
    </form>
  );
}
