import type { ReactNode } from "react";
import type { Address } from "viem";
import { formatMesh } from "../lib/format.ts";
import { isOwner, type OperatorAccount, type WalletBalances } from "../lib/operator-view.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { FaucetButton } from "./faucet-button.tsx";
import { Panel } from "./panel.tsx";

/** The connected wallet: what it holds and which operator it acts for. */
export function OperatorCard({
  wallet,
  balances,
  operator,
}: {
  wallet: Address;
  balances: WalletBalances | undefined;
  operator: OperatorAccount | null | undefined;
}): ReactNode {
  return (
    <Panel title={operator ? `Operator ${operator.identityId}` : "Your wallet"}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 lg:grid-cols-4">
        <Fact name="Wallet">
          <Copyable value={wallet} label="wallet address" />
        </Fact>
        <Fact name="MESH">
          <span data-testid="mesh-balance">{balances ? formatMesh(balances.mesh) : "…"}</span>
        </Fact>
        <Fact name="ETH for gas">{balances ? formatMesh(balances.eth, 4) : "…"}</Fact>
        {operator && (
          <>
            <Fact name="You act as">{isOwner(operator, wallet) ? "owner" : "hot wallet"}</Fact>
            {!isOwner(operator, wallet) && (
              <Fact name="Owner">
                <Copyable value={operator.owner} label="owner's address" />
              </Fact>
            )}
            <Fact name="Payout address">
              <Copyable value={operator.beneficiary} label="payout address" />
            </Fact>
            <Fact name="Root key">
              <Copyable value={operator.rootKey} label="root key" />
            </Fact>
          </>
        )}
      </dl>
      <div className="mt-4 empty:hidden">
        <FaucetButton wallet={wallet} />
      </div>
    </Panel>
  );
}
