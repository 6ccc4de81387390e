import { type ReactNode, useState } from "react";
import { Notice } from "./notice.tsx";
import { type ChosenFile, SignatureFileField } from "./signature-file-field.tsx";

/** What a signature file says, or the sentence that says why it cannot be sent. */
type SignedReading<T> = { signed: T } | { problem: string };

/** Takes a file that was signed offline, checks it in this browser and offers to send it. */
export function SignedFileForm<T>({
  fileTestId,
  testId,
  button,
  read,
  isDone = () => false,
  sentence,
  onSend,
}: {
  fileTestId: string;
  testId: string;
  button: string;
  /** Checks the content of a file. */
  read: (text: string) => Promise<SignedReading<T>>;
  /** True once the chain has done what was signed: its file is done with. */
  isDone?: (signed: T) => boolean;
  /** Who signed, and what. */
  sentence: (signed: T) => { signer: string; what: string };
  onSend: (signed: T) => void;
}): ReactNode {
  const [checked, setChecked] = useState<{ name: string; reading: SignedReading<T> }>();
  const check = async (file: ChosenFile): Promise<void> => {
    const unread = { problem: "The file or the chain could not be read. Try again." };
    const reading = "problem" in file ? file : await read(file.text).catch(() => unread);
    setChecked({ name: file.name, reading });
  };
  const reading = checked?.reading;
  const name = <span className="text-muted break-all">{checked?.name}: </span>;
  return (
    <div className="grid gap-3">
      <div>
        <SignatureFileField testId={fileTestId} onFile={check} />
      </div>
      <div aria-live="polite" data-testid={testId}>
        {reading && "problem" in reading && (
          <Notice tone="bad">
            {name}
            {reading.problem}
          </Notice>
        )}
        {reading && "signed" in reading && !isDone(reading.signed) && (
          <Notice
            action={
              <button
                type="button"
                className="button button-small button-primary"
                onClick={() => onSend(reading.signed)}
              >
                {button}
              </button>
            }
          >
            {name}
            <span className="text-ok">✓ Signed by the {sentence(reading.signed).signer}.</span>{" "}
            {sentence(reading.signed).what}
          </Notice>
        )}
      </div>
    </div>
  );
}
