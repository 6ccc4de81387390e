import { isClosed } from "@pqmesh/contracts/protocol/lease-status";
import { formatVoucher, voucherTypedData } from "@pqmesh/contracts/protocol/market-statements";
import { type ReactNode, useState } from "react";
import { redeemVoucherPlan, returnUnredeemedPlan } from "../flows/redeem-voucher.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSignature } from "../hooks/use-signature.ts";
import { downloadFile } from "../lib/download-file.ts";
import { formatCount } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { readVoucher } from "../lib/read-offer.ts";
import { formatToken, formatTokenExact, plainAmount, readTokenAmount } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Fact } from "./fact.tsx";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";

/** Vouchers of a metered lease: the client signs what it used, anyone redeems that for the provider. */
export function VoucherPanel({
  lease,
  isClient,
  onPlan,
}: {
  lease: LeaseView;
  isClient: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { epoch = 0 } = useChainTime(5_000);
  const [problem, setProblem] = useState<string>();
  const { meter, unit, status, id } = lease;
  if (!meter) return null;
  const { earned, redeemed, vouchersUntil } = meter;
  const isOver = isClosed(status) && epoch >= vouchersUntil;
  const vouchers = config.contracts.LeaseVouchers;
  return (
    <Panel
      title="Vouchers"
      hint="The provider is paid what the client signs, at most the rent of proven epochs; each voucher replaces the one before"
    >
      <div className="grid gap-4">
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
          <Fact name="Proven, can be drawn on">{formatToken(earned, unit)}</Fact>
          <Fact name="Paid so far">
            <span data-testid="redeemed">{formatToken(redeemed, unit)}</span>
          </Fact>
          {isClosed(status) && <Fact name="Vouchers before epoch">{formatCount(vouchersUntil)}</Fact>}
        </dl>
        {isClient && !isOver && <VoucherForm key={String(redeemed)} {...{ lease, meter }} />}
        <div className="flex flex-wrap gap-2">
          {!isOver && (
            <SignatureFileField
              testId="voucher-file"
              label="Redeem a voucher file"
              onFile={(file) => {
                const reading = "problem" in file ? file : readVoucher(file.text, config, id);
                setProblem("problem" in reading ? reading.problem : undefined);
                if ("voucher" in reading) onPlan(redeemVoucherPlan(vouchers, lease, reading.voucher));
              }}
            />
          )}
          {isOver && earned > redeemed && (
            <button type="button" className="button" onClick={() => onPlan(returnUnredeemedPlan(vouchers, lease))}>
              Return the rest to the client
            </button>
          )}
        </div>
        {problem && <p className="text-bad text-sm">{problem}</p>}
      </div>
    </Panel>
  );
}

function VoucherForm({
  lease: { unit, id },
  meter: { earned, redeemed },
}: {
  lease: LeaseView;
  meter: NonNullable<LeaseView["meter"]>;
}): ReactNode {
  const { config } = useNetwork();
  const signature = useSignature();
  const [typed, setTyped] = useState(earned > redeemed ? plainAmount(earned, unit) : "");
  const reading = readTokenAmount(typed, unit);
  const problem =
    "problem" in reading
      ? reading.problem
      : reading.amount <= redeemed
        ? "Sign more than was paid already."
        : undefined;
  const sign = (): void => {
    if (problem || "problem" in reading) return;
    const domain = { chainId: config.chainId, contract: config.contracts.LeaseVouchers };
    const voucher = { leaseId: BigInt(id), amount: reading.amount };
    signature.sign(voucherTypedData(domain, voucher), (signed) => {
      const file = formatVoucher({ ...domain, voucher, signature: signed });
      downloadFile(`pqmesh-voucher-${id}-${voucher.amount}.json`, file, "application/json");
    });
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        sign();
      }}
    >
      <Field
        label={`Pay the provider, in all, ${unit.symbol}`}
        problem={typed === "" ? undefined : problem}
        hint="Everything since the beginning, not what came since the last voucher"
      >
        {(props) => (
          <input
            {...props}
            className="field"
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="button" disabled={problem !== undefined || signature.isPending}>
          {signature.isPending ? "Sign in the wallet …" : "Sign a voucher file"}
        </button>
        <span role="status" className="text-muted text-sm">
          {signature.isDone &&
            "amount" in reading &&
            `Signed for ${formatTokenExact(reading.amount, unit)}: give the file to the provider.`}
          {signature.problem && <span className="text-bad">{signature.problem}</span>}
        </span>
      </div>
    </form>
  );
}
