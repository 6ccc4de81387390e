import type { ChangeEvent, ReactNode } from "react";
import { readSmallFile } from "../lib/read-small-file.ts";

/** Content of a file that was chosen, or the sentence that says why it cannot be read. */
export type ChosenFile = { name: string } & ({ text: string } | { problem: string });

/** Button that takes a small JSON file; the same file can be chosen again. */
export function SignatureFileField({
  testId,
  label = "Choose the signature file",
  accept = "application/json,.json",
  maxBytes,
  onFile,
}: {
  testId: string;
  label?: string;
  accept?: string;
  /** Bytes of the longest file that is read. */
  maxBytes?: number;
  onFile: (file: ChosenFile) => Promise<void> | void;
}): ReactNode {
  const read = async ({ target: input }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = input.files?.[0];
    if (!file) return;
    try {
      const bytes = await readSmallFile(file, maxBytes).catch((error: Error) => error);
      const content = bytes instanceof Error ? { problem: bytes.message } : { text: new TextDecoder().decode(bytes) };
      await onFile({ name: file.name, ...content });
    } finally {
      input.value = "";
    }
  };
  return (
    <label className="button focus-within:outline-accent cursor-pointer focus-within:outline-2">
      {label}
      <input
        type="file"
        accept={accept}
        className="sr-only"
        data-testid={testId}
        onChange={(event) => void read(event)}
      />
    </label>
  );
}
