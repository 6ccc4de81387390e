import { type ComponentProps, type ReactNode, useState } from "react";
import type { TokenSpending } from "../lib/spend-steps.ts";
import { AmountForm } from "./amount-form.tsx";

/** Asks for an amount of MESH that a contract takes, and whether the wallet can sign a permit. */
export function SpendingForm({
  onSubmit,
  ...amount
}: Omit<ComponentProps<typeof AmountForm>, "children" | "isReady" | "mostLabel" | "onSubmit"> & {
  onSubmit: (amount: bigint, method: TokenSpending["method"]) => void;
}): ReactNode {
  const [method, setMethod] = useState<TokenSpending["method"]>("permit");
  return (
    <AmountForm {...amount} mostLabel="All I have" onSubmit={(wei) => onSubmit(wei, method)}>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={method === "approve"}
          onChange={(event) => setMethod(event.target.checked ? "approve" : "permit")}
        />
        My wallet cannot sign permits (two transactions)
      </label>
    </AmountForm>
  );
}
