import type { ReactNode } from "react";
import type { Address } from "viem";
import { shorten } from "../lib/format.ts";
import { Icon } from "./icon.tsx";

/** A wallet's icon and shortened address. */
export function WalletLabel({ address, icon }: { address: Address; icon: string | undefined }): ReactNode {
  return (
    <>
      {icon ? <img src={icon.trim()} alt="" className="size-5 rounded" /> : <Icon name="wallet" size={17} />}
      <span className="font-mono text-sm">{shorten(address)}</span>
    </>
  );
}
