import { lazy, type ReactNode, Suspense } from "react";
import { useConnection } from "wagmi";
import { ConnectDialog } from "./connect-dialog.tsx";
import { PartBoundary } from "./part-boundary.tsx";
import { WalletLabel } from "./wallet-label.tsx";

const ConnectedMenu = lazy(async () => ({ default: (await import("./connected-menu.tsx")).ConnectedMenu }));

/** The connected wallet with its balances, or the button that connects one. */
export function WalletMenu(): ReactNode {
  const { address, connector, status } = useConnection();
  if (!address) {
    return status === "reconnecting" ? <span className="text-muted text-sm">Reconnecting …</span> : <ConnectDialog />;
  }
  const label = <WalletLabel address={address} icon={connector?.icon} />;
  const placeholder = (
    <button type="button" className="button" disabled>
      {label}
    </button>
  );
  return (
    <PartBoundary part="menu of the wallet">
      <Suspense fallback={placeholder}>
        <ConnectedMenu address={address} label={label} />
      </Suspense>
    </PartBoundary>
  );
}
