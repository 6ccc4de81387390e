import type { SignedOffer } from "@pqmesh/contracts/protocol/market-statements";
import { type ReactNode, useState } from "react";
import { type Address, bytesToHex } from "viem";
import { openLeasePlan } from "../flows/open-lease.ts";
import { type OwnDeliveryKey, useDeliveryKey } from "../hooks/use-delivery-key.ts";
import { useTokenSpendable } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount, formatDuration } from "../lib/format.ts";
import {
  breachSentence,
  choiceProblem,
  costOf,
  type DepositRule,
  type LeaseChoice,
  proposedChoice,
  REFUND_SENTENCE,
} from "../lib/lease-cost.ts";
import { freeUnits, type ListingView } from "../lib/listing-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import { DeliveryKeyChoice } from "./delivery-key-choice.tsx";
import { FaucetButton } from "./faucet-button.tsx";
import { NumberField } from "./number-field.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

interface WizardProps {
  listing: ListingView;
  rule: DepositRule;
  feeBp: number;
  wallet: Address;
  /** Of the operator, for listings by invitation: fixes the units. */
  offer: SignedOffer | undefined;
  onClose: () => void;
}

/** Asks what to lease, with a proposal that is valid as it is, and opens the lease. */
export function LeaseWizard(props: WizardProps): ReactNode {
  const { config } = useNetwork();
  const { listing, wallet } = props;
  const escrow = config.contracts.LeaseEscrow;
  const spendable = useTokenSpendable(wallet, { spender: escrow, token: listing.unit.address }).data;
  const deliveryKey = useDeliveryKey(wallet);
  if (!spendable || deliveryKey.place === "unknown") return null;
  return <ReadyWizard {...props} spendable={spendable} deliveryKey={deliveryKey} />;
}

function ReadyWizard({
  listing,
  rule,
  feeBp,
  wallet,
  offer,
  spendable,
  deliveryKey,
  onClose,
}: WizardProps & { spendable: { balance: bigint; allowance: bigint }; deliveryKey: OwnDeliveryKey }): ReactNode {
  const { config, client } = useNetwork();
  const { terms, unit } = listing;
  const [typed, setTyped] = useState(() => proposalOf());
  const [method, setMethod] = useState<"permit" | "approve">("permit");
  const [usesNewKey, setUsesNewKey] = useState(deliveryKey.place === "new" || deliveryKey.place === "none");
  const [keyProblem, setKeyProblem] = useState<string>();
  const free = freeUnits(listing);
  const choice: LeaseChoice = {
    units: offer?.offer.units ?? Number(typed.units),
    ...{ epochs: Number(typed.epochs), paidEpochs: Number(typed.paid ?? typed.epochs) },
  };
  const cost = costOf(terms, choice, rule);
  const time = (epochs: number): string => formatDuration(epochs * config.epoch.lengthSeconds);
  const isShort = spendable.balance < cost.deposit;
  const newKey = usesNewKey && deliveryKey.place !== "here" ? deliveryKey.key : undefined;
  const blocked =
    choiceProblem(choice, { terms, free, rule, unit }) ??
    (isShort
      ? `This wallet holds ${formatToken(spendable.balance, unit)}; ${formatToken(cost.deposit, unit)} are needed.`
      : undefined) ??
    keyProblem ??
    (usesNewKey && !newKey && deliveryKey.place !== "here" ? "The delivery key is being made." : undefined);
  const plan = openLeasePlan({
    ...{ client, token: unit.address, spender: config.contracts.LeaseEscrow, wallet, amount: cost.deposit },
    ...{ allowance: spendable.allowance, method, listing, choice, cost, feeBp, time },
    ...(newKey && { deliveryKey: bytesToHex(newKey.publicKey) }),
    ...(offer && { offer }),
  });
  return (
    <TransactionDialog plan={plan} action="Open lease" blocked={blocked} onClose={onClose}>
      <div className="grid gap-3 sm:grid-cols-3">
        <NumberField
          label="Units"
          value={offer ? String(offer.offer.units) : typed.units}
          isLocked={offer !== undefined}
          hint={offer ? "fixed by the offer" : `${formatCount(free)} free`}
          onChange={(units) => setTyped({ ...typed, units })}
        />
        <NumberField
          label="Term, epochs"
          value={typed.epochs}
          hint={time(choice.epochs)}
          onChange={(epochs) => setTyped({ ...typed, epochs })}
        />
        <NumberField
          label="Pay now, epochs"
          value={typed.paid ?? typed.epochs}
          hint={choice.paidEpochs < choice.epochs ? `${time(choice.paidEpochs)}; top up later` : "the whole term"}
          onChange={(paid) => setTyped({ ...typed, paid })}
        />
      </div>
      <p className="flex items-baseline justify-between gap-4">
        <span className="text-muted">You pay now</span>
        <span className="text-2xl font-semibold tracking-tight" data-testid="deposit">
          {formatToken(cost.deposit, unit, unit.decimals)}
        </span>
      </p>
      {isShort && <FaucetButton wallet={wallet} />}
      <p className="text-sm">
        {REFUND_SENTENCE} {breachSentence(terms, choice, unit)}
      </p>
      <DeliveryKeyChoice {...{ deliveryKey, usesNewKey }} onUseNew={setUsesNewKey} onProblem={setKeyProblem} />
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={method === "approve"}
          onChange={(event) => setMethod(event.target.checked ? "approve" : "permit")}
        />
        My wallet cannot sign permits (two transactions)
      </label>
    </TransactionDialog>
  );

  function proposalOf(): { units: string; epochs: string; paid?: string } {
    const { units, epochs, paidEpochs } = proposedChoice(terms, config.epoch, rule);
    const rate = terms.price * BigInt(offer?.offer.units ?? units);
    const most = rate === 0n ? paidEpochs : Number((spendable.balance - rule.janitorFee) / rate);
    const isAffordable = most >= paidEpochs || most < terms.minEpochs;
    return { units: String(units), epochs: String(epochs), ...(!isAffordable && { paid: String(most) }) };
  }
}
