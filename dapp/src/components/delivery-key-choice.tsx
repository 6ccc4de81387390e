import { type ReactNode, useEffect } from "react";
import type { OwnDeliveryKey } from "../hooks/use-delivery-key.ts";
import { Notice } from "./notice.tsx";

/** For which key the provider seals endpoint and credential; makes one when there is none. */
export function DeliveryKeyChoice({
  deliveryKey,
  usesNewKey,
  onUseNew,
  onProblem,
}: {
  deliveryKey: OwnDeliveryKey;
  usesNewKey: boolean;
  onUseNew: (isNew: boolean) => void;
  /** The browser keeps no key, in a sentence. */
  onProblem: (problem: string | undefined) => void;
}): ReactNode {
  const { place, key, make, save } = deliveryKey;
  const isMissing = usesNewKey && key === undefined;
  useEffect(() => {
    if (!isMissing) return;
    try {
      make();
      onProblem(undefined);
    } catch (error) {
      onProblem((error as Error).message);
    }
  }, [isMissing, make, onProblem]);
  if (place === "elsewhere" && !usesNewKey) {
    return (
      <Notice
        action={
          <button type="button" className="button button-small" onClick={() => onUseNew(true)}>
            Make a new key here
          </button>
        }
      >
        Endpoint and credential are sealed for the delivery key that your wallet set before. This browser does not hold
        it: load its file under My leases, or make a new one.
      </Notice>
    );
  }
  return (
    <Notice
      action={
        <button type="button" className="button button-small" onClick={save}>
          Save its file
        </button>
      }
    >
      Endpoint and credential are sealed for the delivery key in this browser. Who loses it must set a new one and ask
      the provider to deliver again.
    </Notice>
  );
}
