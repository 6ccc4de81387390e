import { readPrivateFile } from "./private-file.ts";

/** Environment variable that names a file holding the keystore password. */
export const PASSWORD_FILE_VARIABLE = "PQMESH_PASSWORD_FILE";

/** Environment variable that holds the keystore password itself. */
const PASSWORD_VARIABLE = "PQMESH_PASSWORD";

const MAX_PASSWORD_FILE_BYTES = 1_024;

/**
 * Reads the keystore password from the file named by `PQMESH_PASSWORD_FILE` or from `PQMESH_PASSWORD`; arguments of a
 * process are visible to every user and are never used. One line break at the end of the file is not part of it.
 *
 * @throws Error when neither or both are set, the password is empty, or the file is open to every user.
 */
export async function readPassword(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const path = environment[PASSWORD_FILE_VARIABLE];
  const direct = environment[PASSWORD_VARIABLE];
  if (path && direct) throw new Error(`set only one of ${PASSWORD_FILE_VARIABLE} and ${PASSWORD_VARIABLE}`);
  if (!path && !direct) throw new Error(`no keystore password: set ${PASSWORD_FILE_VARIABLE} or ${PASSWORD_VARIABLE}`);
  const password = path ? await passwordOfFile(path) : direct;
  if (!password) throw new Error("keystore password is empty");
  return password;
}

async function passwordOfFile(path: string): Promise<string> {
  const bytes = await readPrivateFile(path, "password file", MAX_PASSWORD_FILE_BYTES);
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}
