import { certificateRequestTypedData } from "@pqmesh/contracts/protocol/certificate-request";
import { type ReactNode, useState } from "react";
import type { Hex } from "viem";
import { useApplication } from "../hooks/use-application.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useSignature } from "../hooks/use-signature.ts";
import type { AuthorityService } from "../lib/authority-client.ts";
import { type Applicant, APPLICATION_SECONDS, readRequest } from "../lib/certificate-application.ts";
import { subjectWords } from "../lib/certificate-words.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { ApplicationOutcome } from "./application-outcome.tsx";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { SignatureFileField } from "./signature-file-field.tsx";
import { TlsKeyMaker } from "./tls-key-maker.tsx";

/** Hands a certificate request (PKCS #10) to an authority, signed by the wallet; its answer is the X.509 certificate. */
export function CertificateRequestForm({
  operator,
  authority: { url, authorityId },
}: {
  operator: OperatorAccount;
  authority: AuthorityService;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime();
  const applicants = applicantsOf(operator);
  const [chosen, setChosen] = useState(0);
  const [pem, setPem] = useState("");
  const [isMaking, setIsMaking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const signature = useSignature();
  const application = useApplication(url);
  const { kind, subject } = applicants[chosen]!;
  const apply = (): void => {
    const reading = readRequest(pem);
    setProblem("problem" in reading ? reading.problem : undefined);
    if ("problem" in reading) return;
    const deadline = BigInt(Math.floor(seconds) + APPLICATION_SECONDS);
    const { request, requestHash } = reading;
    const domain = { chainId: config.chainId, registry: config.contracts.CertificateRegistry };
    const asked = { authorityId, kind, subject, deadline };
    const statement = certificateRequestTypedData(domain, { ...asked, requestHash });
    const handIn = (signed: Hex): void => application.handIn({ ...asked, request, signature: signed });
    signature.sign(statement, handIn);
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Field
        label="For"
        hint="Where there is a good certificate already, the new one takes its place, and the old one stays good for a while."
      >
        {(props) => (
          <select
            {...props}
            className="field"
            value={chosen}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {applicants.map((one, i) => (
              <option key={subjectWords(one.kind, one.subject)} value={i}>
                {subjectWords(one.kind, one.subject)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" aria-expanded={isMaking} onClick={() => setIsMaking(!isMaking)}>
          Make a new key here
        </button>
        <SignatureFileField
          testId="request-file"
          label="Choose the request's file"
          accept=".pem,.csr,.req"
          onFile={(file) => ("text" in file ? setPem(file.text) : setProblem(file.problem))}
        />
      </div>
      {isMaking && <TlsKeyMaker key={chosen} label={subjectWords(kind, subject)} onRequest={setPem} />}
      <Field
        label="Request (PKCS #10)"
        hint="In PEM, by a new ML-DSA-65 key that no certificate had before. The private key stays where it was made."
        problem={problem}
      >
        {(props) => (
          <textarea
            {...props}
            className="field font-mono text-sm"
            rows={6}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE REQUEST-----"
            value={pem}
            onChange={(event) => setPem(event.target.value)}
          />
        )}
      </Field>
      <div>
        <button type="submit" className="button button-primary" disabled={signature.isPending || application.isPending}>
          {signature.isPending ? "Waiting for the wallet …" : "Sign and hand in"}
        </button>
      </div>
      {signature.problem && <Notice tone="bad">{signature.problem}</Notice>}
      <ApplicationOutcome {...{ application }} />
    </form>
  );
}

function applicantsOf({ identityId, nodes }: OperatorAccount): Applicant[] {
  const own = nodes.filter(({ exited }) => !exited);
  return [
    { kind: "operator", subject: BigInt(identityId) },
    ...own.map(({ nodeIndex }) => ({ kind: "node" as const, subject: BigInt(nodeIndex) })),
  ];
}
