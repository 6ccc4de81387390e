import { type ChangeEvent, type ReactNode, useState } from "react";
import { registerNodePlan } from "../flows/register-node.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { readSmallFile } from "../lib/read-small-file.ts";
import { type KeyReading, readAttestationKey } from "../lib/attestation-key.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";

/** Asks for the attestation key of a new node, pasted or as a file. */
export function RegisterNodeForm({
  identityId,
  isFirst,
  onPlan,
}: {
  identityId: number;
  isFirst: boolean;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const [text, setText] = useState("");
  const [reading, setReading] = useState<KeyReading>();
  const [tried, setTried] = useState(false);
  const readText = (value: string): void => {
    setText(value);
    setReading(value.trim() === "" ? undefined : readAttestationKey(value));
  };
  const readFile = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    if (!file) return;
    const found = await readSmallFile(file).then(readAttestationKey, (error: Error) => ({ problem: error.message }));
    setReading(found);
    setText("key" in found ? found.key : file.name);
  };
  const submit = (): void => {
    setTried(true);
    if (!reading || "problem" in reading) return;
    onPlan(registerNodePlan({ registry: config.contracts.NodeRegistry, identityId, attestationKey: reading.key }));
  };
  const missing = tried && !reading ? "Paste the key or choose its file." : undefined;
  const problem = reading && "problem" in reading ? reading.problem : missing;
  return (
    <Panel
      title={isFirst ? "2 · Register your first node" : "Register another node"}
      hint="Publishes the public attestation key of its agent. The secret half stays on the node."
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Public attestation key (ML-DSA-65)"
          problem={problem}
          hint={
            reading && "key" in reading ? (
              <span className="text-ok">✓ A valid ML-DSA-65 public key of 1,952 bytes.</span>
            ) : (
              <>
                On the node:{" "}
                <code className="bg-well rounded px-1">
                  pqmesh key create --purpose attestation --out node.json --public-out node.pub
                </code>
                . Hex, base64 or the raw file are understood.
              </>
            )
          }
        >
          {(props) => (
            <textarea
              {...props}
              className="field h-24 font-mono text-xs break-all"
              spellCheck={false}
              value={text}
              onChange={(event) => readText(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <button type="submit" className="button button-primary">
            Preview node
          </button>
          <label className="button focus-within:outline-accent cursor-pointer focus-within:outline-2">
            Choose a file
            <input type="file" className="sr-only" onChange={(event) => void readFile(event)} />
          </label>
        </div>
      </form>
    </Panel>
  );
}
