import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Application } from "../hooks/use-application.ts";
import type { ApplicationAnswer } from "../lib/authority-client.ts";
import { serialHex } from "../lib/certificate-words.ts";
import { downloadFile } from "../lib/download-file.ts";
import { Notice } from "./notice.tsx";

const STATE_SENTENCES: Readonly<Record<ApplicationAnswer["state"], string>> = {
  signed:
    "The authority has signed the certificate. It is on its way to the chain; before it is recorded nobody accepts it.",
  recorded: "The certificate is recorded on chain, and accepted.",
  final: "The certificate is recorded on chain for good, and accepted.",
  refused: "The authority refused the request.",
};

/** Of an earlier visit: what happened to the certificate since, its page tells. */
const RESUMED_SENTENCES: Readonly<Record<ApplicationAnswer["state"], string>> = {
  signed: "Your last request: the authority has signed its certificate, which is on its way to the chain.",
  recorded: "Your last request: its certificate was recorded on chain.",
  final: "Your last request: its certificate was recorded on chain for good.",
  refused: "Your last request was refused.",
};

/** What became of a request that was handed in. */
export function ApplicationOutcome({ application }: { application: Application }): ReactNode {
  const { answer, problem, isResumed } = application;
  if (problem) return <Notice tone="bad">{problem}</Notice>;
  if (!answer) return null;
  const { state, reason, serial, certificate } = answer;
  return (
    <div data-testid="application" data-state={state} data-resumed={isResumed}>
      <Notice
        tone={state === "refused" ? "bad" : "info"}
        action={
          state !== "refused" && (
            <button
              type="button"
              className="button button-small"
              onClick={() => downloadFile("certificate.pem", certificate, "application/x-pem-file")}
            >
              Download the certificate
            </button>
          )
        }
      >
        {isResumed ? RESUMED_SENTENCES[state] : STATE_SENTENCES[state]} {reason}{" "}
        {state !== "refused" && (
          <Link className="link" to={`/certificates/${serialHex(BigInt(serial))}`}>
            See its status
          </Link>
        )}
      </Notice>
    </div>
  );
}
