import { type ChangeEvent, type ReactNode, useState } from "react";
import type { Address } from "viem";
import { bondRelayerPlan, setEndpointPlan } from "../flows/bond-relayer.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSpendable } from "../hooks/use-token-queries.ts";
import { type KeyReading, readAttestationKey } from "../lib/attestation-key.ts";
import type { CommitteeRelayer } from "../lib/committee-view.ts";
import { formatMesh, formatMeshExact } from "../lib/format.ts";
import { readMeshAmount } from "../lib/mesh-amount.ts";
import { readSmallFile } from "../lib/read-small-file.ts";
import { endpointProblem } from "../lib/relayer-endpoint.ts";
import { balanceProblem } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AmountField } from "./amount-field.tsx";
import { Field } from "./field.tsx";

/** Asks for what makes a wallet a bonded relayer, or changes what it is. */
export function BondForm({
  wallet,
  own,
  minimum,
  joinDelay,
  onPlan,
}: {
  wallet: Address;
  /** The wallet's relayer; undefined before its first bond. */
  own: CommitteeRelayer | undefined;
  /** MESH wei. */
  minimum: bigint;
  /** Seconds. */
  joinDelay: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { RelayerCommittee: committee, MeshToken: token } = config.contracts;
  const { mesh = 0n, allowance = 0n } = useSpendable(wallet, committee).data ?? {};
  const bondBefore = own?.bond ?? 0n;
  const missing = minimum > bondBefore ? minimum - bondBefore : 0n;
  const [amount, setAmount] = useState(missing > 0n ? formatMeshExact(missing) : "");
  const [endpoint, setEndpoint] = useState(own?.endpoint ?? "");
  const [key, setKey] = useState<KeyReading>();
  const reading = readMeshAmount(amount);
  const amountProblem = "problem" in reading ? reading.problem : balanceProblem(reading.wei, mesh);
  const badEndpoint = endpointProblem(endpoint);
  const reportKey = key && "key" in key ? key.key : undefined;
  const isReady = !amountProblem && !badEndpoint && (own !== undefined || reportKey !== undefined);
  const submit = (): void => {
    if ("problem" in reading || !isReady) return;
    const terms = { committee, token, allowance, bondBefore, minimum, joinDelay, endpoint: endpoint.trim() };
    onPlan(bondRelayerPlan({ ...terms, amount: reading.wei, ...(!own && reportKey && { reportKey }) }));
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <AmountField
        label={own ? "Add to the bond" : "Bond"}
        value={amount}
        most={mesh}
        mostLabel="All I have"
        problem={amount === "" ? undefined : amountProblem}
        hint={`You hold ${formatMesh(mesh)} MESH. A seat needs a bond of ${formatMesh(minimum)}.`}
        onChange={setAmount}
      />
      <Field
        label="Endpoint"
        problem={endpoint === "" ? undefined : badEndpoint}
        hint="URL at which your relayer serves the read API and the committee protocol."
      >
        {(props) => (
          <input
            {...props}
            className="field"
            type="url"
            autoComplete="off"
            placeholder="https://relayer.example"
            value={endpoint}
            onChange={(event) => setEndpoint(event.target.value)}
          />
        )}
      </Field>
      {!own && <ReportKeyField reading={key} onKey={setKey} />}
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button button-primary" disabled={!isReady}>
          Preview bond
        </button>
        {own && (
          <button
            type="button"
            className="button"
            disabled={badEndpoint !== undefined || endpoint.trim() === own.endpoint}
            onClick={() => onPlan(setEndpointPlan(committee, endpoint.trim()))}
          >
            Preview new endpoint
          </button>
        )}
      </div>
    </form>
  );
}

function ReportKeyField({
  reading,
  onKey,
}: {
  reading: KeyReading | undefined;
  onKey: (reading: KeyReading) => void;
}): ReactNode {
  const readFile = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    if (!file) return;
    onKey(await readSmallFile(file).then(readAttestationKey, (error: Error) => ({ problem: error.message })));
  };
  return (
    <Field
      label="Public report key (ML-DSA-65)"
      problem={reading && "problem" in reading ? reading.problem : undefined}
      hint={
        reading && "key" in reading ? (
          <span className="text-ok">✓ A valid ML-DSA-65 public key.</span>
        ) : (
          <>
            Make it where the relayer runs:{" "}
            <code className="bg-well rounded px-1 break-words">
              pqmesh key create --purpose report --out report.json --public-out report.pub
            </code>
            . It is fixed for ever.
          </>
        )
      }
    >
      {(props) => <input {...props} type="file" className="field" onChange={(event) => void readFile(event)} />}
    </Field>
  );
}
