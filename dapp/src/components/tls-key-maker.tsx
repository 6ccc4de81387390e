import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { downloadFile } from "../lib/download-file.ts";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";

/** Characters that the services ask of a password. */
const LEAST = 8;

/** Makes a key in this browser: its keystore goes to a file, its request to whoever asked. */
export function TlsKeyMaker({
  label,
  onRequest,
}: {
  /** Whom the key is for, as in "node 4". */
  label: string;
  onRequest: (pem: string) => void;
}): ReactNode {
  const [password, setPassword] = useState("");
  const made = useMutation({
    mutationFn: async () => {
      const { makeTlsKey } = await import("../lib/tls-keystore.ts");
      return makeTlsKey(password, label);
    },
    onSuccess({ keystore, request }) {
      downloadFile(`tls-${label.replace(" ", "-")}.json`, keystore, "application/json");
      onRequest(request);
      setPassword("");
    },
  });
  const isShort = password !== "" && password.length < LEAST;
  return (
    <div className="bg-well grid gap-3 rounded-lg p-3">
      <Field
        label="Password of the new key"
        hint="The key is made in this browser, saved as a keystore under this password, and forgotten here."
        problem={isShort ? `It has fewer than ${LEAST} characters.` : undefined}
      >
        {(props) => (
          <input
            {...props}
            type="password"
            className="field"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <div>
        <button
          type="button"
          className="button"
          disabled={password.length < LEAST || made.isPending}
          onClick={() => made.mutate()}
        >
          {made.isPending ? "Making the key …" : "Make and save the key"}
        </button>
      </div>
      {made.error && <Notice tone="bad">{made.error.message}</Notice>}
      {made.isSuccess && (
        <Notice>
          The keystore is saved, and its request is below. Move the file to where the certificate will be used, readable
          by its owner alone (chmod 600).
        </Notice>
      )}
    </div>
  );
}
