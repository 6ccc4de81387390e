import { type DeliveryKey, deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { useCallback, useMemo, useState } from "react";
import { type Address, keccak256, zeroHash } from "viem";
import { readKept } from "../lib/delivery-key-box.ts";
import { downloadFile } from "../lib/download-file.ts";
import { useDeliveryKeyHash } from "./use-market-queries.ts";
import { useNetwork } from "./use-network.ts";

/** A wallet's delivery key: what this browser holds, and what the chain knows. */
export interface OwnDeliveryKey {
  /** Key pair in this browser. */
  key?: DeliveryKey;
  /** "none": neither has one. "here": both have the same. "new": this browser has one that the chain does not know.
   * "elsewhere": the chain has one whose secret is not here. "unknown": the chain was not read yet. */
  place: "unknown" | "none" | "here" | "new" | "elsewhere";
  /** Makes a key and keeps it in this browser, unless there is one. @throws Error in one sentence when the browser refuses. */
  make: () => DeliveryKey;
  /** Takes a key file; false when another key is here, which stays unless the file replaces it. @throws Error that names what is wrong with it. */
  load: (file: string, replaces: boolean) => boolean;
  /** Saves the key as a file. */
  save: () => void;
}

/** The delivery key of a wallet. */
export function useDeliveryKey(wallet: Address): OwnDeliveryKey {
  const { deliveryKeys } = useNetwork();
  const hash = useDeliveryKeyHash(wallet).data;
  const [kept, setKept] = useState(() => ({ wallet, text: deliveryKeys.read(wallet) }));
  const text = kept.wallet === wallet ? kept.text : deliveryKeys.read(wallet);
  const key = useMemo(() => readKept(text), [text]);
  const keep = useCallback(
    (made: DeliveryKey): DeliveryKey => {
      const file = formatDeliveryKey(made);
      deliveryKeys.keep(wallet, file);
      setKept({ wallet, text: file });
      return made;
    },
    [deliveryKeys, wallet],
  );
  // Another tab may have made one meanwhile, which may be on chain by now.
  const make = useCallback(
    () => keep(readKept(deliveryKeys.read(wallet)) ?? deliveryKey()),
    [deliveryKeys, keep, wallet],
  );
  const load = useCallback(
    (file: string, replaces: boolean): boolean => {
      const isKept = deliveryKeys.load(wallet, file, replaces);
      setKept({ wallet, text: deliveryKeys.read(wallet) });
      return isKept;
    },
    [deliveryKeys, wallet],
  );
  const save = (): void => {
    if (text) downloadFile(`pqmesh-delivery-key-${wallet.slice(2, 8)}.json`, text, "application/json");
  };
  const isOnChain = hash !== undefined && hash !== zeroHash;
  const isSame = key !== undefined && keccak256(key.publicKey) === hash;
  const place = hash === undefined ? "unknown" : isSame ? "here" : key ? "new" : isOnChain ? "elsewhere" : "none";
  return { ...(key && { key }), place, make, load, save };
}
