import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Address, isAddress } from "viem";
import { setMembersPlan, withdrawOfferPlan } from "../flows/manage-listing.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { readMembers } from "../lib/network-members.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";

/** Wallets that one transaction adds at most. */
const MOST_AT_ONCE = 100;

/** The operator's private network: who may lease listings that are for it; and offers that are taken back. */
export function MembersPanel({
  identityId,
  onPlan,
}: {
  identityId: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const services = useNetwork();
  const listings = services.config.contracts.NodeListings;
  const members = useQuery({
    queryKey: ["wallet", "members", identityId],
    queryFn: () => readMembers(services, identityId),
    refetchInterval: 8_000,
  });
  const [typed, setTyped] = useState("");
  const [nonce, setNonce] = useState("");
  const words = typed.split(/[\s,;]+/).filter((word) => word !== "");
  const wrong = words.find((word) => !isAddress(word));
  const problem =
    wrong !== undefined
      ? `${wrong.slice(0, 44)} is not an address, or its checksum is wrong.`
      : words.length > MOST_AT_ONCE
        ? `At most ${MOST_AT_ONCE} wallets at once; these are ${words.length}.`
        : undefined;
  return (
    <Panel title="Private network" hint="Wallets that may lease your listings for the private network">
      <div className="grid gap-4">
        {members.data && members.data.length > 0 && (
          <ul className="flex flex-wrap gap-2" aria-label="Members">
            {members.data.map((member) => (
              <li
                key={member}
                className="bg-well inline-flex items-center gap-2 rounded-lg px-2 py-1"
                data-member={member}
              >
                <Copyable value={member} label="member's address" />
                <button
                  type="button"
                  className="button button-small button-quiet"
                  onClick={() => onPlan(setMembersPlan(listings, { identityId, wallets: [member], isMember: false }))}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        )}
        <form
          className="grid gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (!problem) onPlan(setMembersPlan(listings, { identityId, wallets: words as Address[], isMember: true }));
          }}
        >
          <Field label="Add wallets" problem={problem} hint="Addresses, separated by spaces or lines">
            {(props) => (
              <textarea
                {...props}
                rows={2}
                className="field font-mono"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value.slice(0, 6_000))}
              />
            )}
          </Field>
          <div>
            <button type="submit" className="button" disabled={words.length === 0 || problem !== undefined}>
              Preview members
            </button>
          </div>
        </form>
        <details>
          <summary className="font-medium">Withdraw an offer that you signed</summary>
          <form
            className="mt-2 flex flex-wrap items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (/^\d{1,77}$/.test(nonce)) onPlan(withdrawOfferPlan(listings, identityId, BigInt(nonce)));
            }}
          >
            <Field label="Number of the offer" hint="The nonce in its file">
              {(props) => (
                <input
                  {...props}
                  className="field"
                  inputMode="numeric"
                  value={nonce}
                  onChange={(event) => setNonce(event.target.value.replace(/\D/g, ""))}
                />
              )}
            </Field>
            <button type="submit" className="button" disabled={!/^\d{1,77}$/.test(nonce)}>
              Preview withdrawal
            </button>
          </form>
        </details>
      </div>
    </Panel>
  );
}
