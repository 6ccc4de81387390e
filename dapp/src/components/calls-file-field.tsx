import { parseCallsFile, type ProposalDraft } from "@pqmesh/contracts/protocol/calls-file";
import { type ReactNode, useState } from "react";
import { SignatureFileField } from "./signature-file-field.tsx";

/** Bytes of the longest file of calls that is read. */
const MAX_BYTES = 4_194_304;

/** Takes calls from a file, as the command line writes them. */
export function CallsFileField({ onRead }: { onRead: (draft: ProposalDraft) => void }): ReactNode {
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <SignatureFileField
        testId="calls-file"
        label="Take calls from a file"
        maxBytes={MAX_BYTES}
        onFile={(file) => {
          const read = "problem" in file ? file : readDraft(file.text);
          setProblem("problem" in read ? `${file.name}: ${read.problem}` : undefined);
          if ("calls" in read) onRead(read);
        }}
      />
      {problem && (
        <p role="alert" className="text-bad basis-full text-sm">
          {problem}
        </p>
      )}
    </>
  );
}

function readDraft(text: string): ProposalDraft | { problem: string } {
  try {
    return parseCallsFile(text);
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
