import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import type { Address } from "viem";
import { useConnection, useDisconnect } from "wagmi";
import { useNetwork } from "../hooks/use-network.ts";
import { useBalances } from "../hooks/use-operator.ts";
import { useWalletRequest } from "../hooks/use-wallet-request.ts";
import { addNetwork } from "../lib/add-network.ts";
import { formatMesh, shorten } from "../lib/format.ts";
import { Icon } from "./icon.tsx";

const ITEM =
  "data-[highlighted]:bg-accent-soft flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-2 text-sm outline-none";

/** What can be done with the connected wallet. */
export function ConnectedMenu({ address, label }: { address: Address; label: ReactNode }): ReactNode {
  const { connector } = useConnection();
  const { config } = useNetwork();
  const disconnect = useDisconnect();
  const balances = useBalances(address).data;
  const request = useWalletRequest();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button" aria-label={`Wallet ${shorten(address)}`} data-testid="wallet-menu">
        {label}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={6} className="panel z-50 w-64 p-1.5">
          <div className="px-2.5 py-2 text-sm">
            <p className="text-muted">{connector?.name}</p>
            <p className="text-base font-semibold">{balances ? formatMesh(balances.mesh) : "…"} MESH</p>
            <p className="text-muted">{balances ? formatMesh(balances.eth, 4) : "…"} ETH</p>
          </div>
          <DropdownMenu.Separator className="bg-line my-1 h-px" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void navigator.clipboard.writeText(address)}>
            <Icon name="copy" size={16} /> Copy address
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => request.run((wallet) => addNetwork(wallet, config))}>
            <Icon name="down" size={16} /> Add {config.name} to the wallet
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => disconnect.mutate()}>
            <Icon name="cross" size={16} /> Disconnect
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
