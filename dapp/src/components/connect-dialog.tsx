import { lazy, type ReactNode, Suspense, useState } from "react";
import { Icon } from "./icon.tsx";
import { PartBoundary } from "./part-boundary.tsx";

const loadChoice = () => import("./wallet-choice-dialog.tsx");
const WalletChoiceDialog = lazy(async () => ({ default: (await loadChoice()).WalletChoiceDialog }));

/** Button that opens the choice of wallets; the code of the choice is fetched when somebody reaches for the button. */
export function ConnectDialog({ label = "Connect wallet" }: { label?: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const prepare = (): void => {
    // A failure is shown when the button is pressed.
    loadChoice().catch(() => undefined);
  };
  return (
    <>
      <button
        type="button"
        className="button button-primary"
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={() => setOpen(true)}
      >
        <Icon name="wallet" />
        {label}
      </button>
      {open && (
        <PartBoundary part="choice of wallets">
          <Suspense fallback={null}>
            <WalletChoiceDialog onClose={() => setOpen(false)} />
          </Suspense>
        </PartBoundary>
      )}
    </>
  );
}
