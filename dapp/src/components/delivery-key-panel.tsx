import { type ReactNode, useState } from "react";
import { type Address, bytesToHex, keccak256 } from "viem";
import { setDeliveryKeyPlan } from "../flows/set-delivery-key.ts";
import { type OwnDeliveryKey, useDeliveryKey } from "../hooks/use-delivery-key.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";

const SENTENCES: Record<OwnDeliveryKey["place"], string> = {
  unknown: "",
  none: "You have none yet. The first lease makes one in this browser.",
  here: "This browser holds the key that the chain knows: it can open what providers deliver to you.",
  new: "This browser holds a key that the chain does not know. It is set with the next lease, or now.",
  elsewhere: "The chain knows a key that this browser does not hold. Load its file to open credentials here.",
};

/** The key for which providers seal endpoint and credential. */
export function DeliveryKeyPanel({
  wallet,
  onPlan,
}: {
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { key, place, make, load, save } = useDeliveryKey(wallet);
  const [problem, setProblem] = useState<string>();
  /** Text of a key file that would replace the key here. */
  const [other, setOther] = useState<string>();
  const attempt = (action: () => unknown): void => {
    try {
      action();
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const take = (file: string, replaces: boolean): void => {
    setOther(undefined);
    attempt(() => {
      if (!load(file, replaces)) setOther(file);
    });
  };
  if (place === "unknown") return null;
  return (
    <Panel
      title="Delivery key"
      hint="ML-KEM-768: providers seal endpoint and credential for it. It is kept in this browser, unencrypted; who loses it must set a new one and ask the providers to deliver again."
    >
      <div className="grid gap-3">
        <p data-testid="delivery-key" data-place={place}>
          {SENTENCES[place]}{" "}
          {key && <Copyable value={keccak256(key.publicKey)} label="hash of the delivery key" lead={10} tail={8} />}
        </p>
        <div className="flex flex-wrap gap-2">
          {key && (
            <button type="button" className="button" onClick={save}>
              Save its file
            </button>
          )}
          <SignatureFileField
            testId="delivery-key-file"
            label="Load a key file"
            onFile={(file) => {
              if ("problem" in file) setProblem(file.problem);
              else take(file.text, false);
            }}
          />
          {!key && (
            <button type="button" className="button" onClick={() => attempt(make)}>
              Make a key
            </button>
          )}
          {key && place === "new" && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => onPlan(setDeliveryKeyPlan(config.contracts.LeaseEscrow, bytesToHex(key.publicKey)))}
            >
              Set it on chain
            </button>
          )}
        </div>
        {other !== undefined && (
          <Notice
            tone="warn"
            action={
              <span className="flex flex-wrap gap-2">
                <button type="button" className="button button-small" onClick={() => take(other, true)}>
                  Replace it
                </button>
                <button type="button" className="button button-small" onClick={() => setOther(undefined)}>
                  Keep it
                </button>
              </span>
            }
          >
            The file has another key than this browser. What was sealed for the key here opens with nothing else: save
            its file before you replace it.
          </Notice>
        )}
        {problem && <p className="text-bad text-sm">{problem}</p>}
      </div>
    </Panel>
  );
}
