import type { ReactNode } from "react";
import type { Address } from "viem";
import { useNetwork } from "../hooks/use-network.ts";
import { useTokenAccount } from "../hooks/use-token-queries.ts";
import { formatMesh } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { FaucetButton } from "./faucet-button.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { VotesForm } from "./votes-form.tsx";

/** What the connected wallet holds, and who votes with it. */
export function TokenAccountPanel({
  wallet,
  onPlan,
}: {
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const account = useTokenAccount(wallet);
  return (
    <Panel
      title="Your MESH"
      hint="Votes count only once somebody is named to cast them: yourself, or whom you trust. Staked and delegated MESH has no token votes."
    >
      <QueryView query={account} height="12rem">
        {({ mesh, votes, delegate }) => (
          <div className="grid gap-5 lg:grid-cols-2">
            <div className="grid content-start gap-4">
              <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
                <Fact name="Balance">
                  <span className="text-xl font-semibold" data-testid="token-balance">
                    {formatMesh(mesh)} MESH
                  </span>
                </Fact>
                <Fact name="Votes you cast">
                  <span className="text-xl font-semibold" data-testid="token-votes">
                    {formatMesh(votes)}
                  </span>
                </Fact>
                <Fact name="Your votes are cast by" wide>
                  <span data-testid="votes-by">
                    {delegate === undefined ? (
                      <span className="text-warn">nobody: they do not count now</span>
                    ) : delegate.toLowerCase() === wallet.toLowerCase() ? (
                      "yourself"
                    ) : (
                      <Copyable value={delegate} label="address of the delegate" />
                    )}
                  </span>
                </Fact>
              </dl>
              <FaucetButton wallet={wallet} />
            </div>
            <VotesForm
              key={delegate}
              votes={{ token: config.contracts.MeshToken, wallet, amount: mesh }}
              current={delegate}
              onPlan={onPlan}
            />
          </div>
        )}
      </QueryView>
    </Panel>
  );
}
