import { writeFileSync } from "node:fs";
import { expect } from "chai";

import { readPassword } from "../../../relayer/src/keystore/password.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

describe("readPassword", () => {
  const path = temporaryDirectory();

  function passwordFile(name: string, content: string, mode = 0o600): { PQMESH_PASSWORD_FILE: string } {
    writeFileSync(path(name), content, { mode });
    return { PQMESH_PASSWORD_FILE: path(name) };
  }

  async function refusal(environment: NodeJS.ProcessEnv): Promise<string> {
    return readPassword(environment).then(
      () => "no refusal",
      (error: unknown) => String(error),
    );
  }

  it("reads the variable", async () => {
    expect(await readPassword({ PQMESH_PASSWORD: "from variable" })).to.equal("from variable");
  });

  it("reads the file without its last line break", async () => {
    expect(await readPassword(passwordFile("unix", "from file \n"))).to.equal("from file ");
    expect(await readPassword(passwordFile("dos", "two\r\n\r\n"))).to.equal("two\r\n");
  });

  it("refuses none and both", async () => {
    expect(await refusal({})).to.include("no keystore password: set PQMESH_PASSWORD_FILE or PQMESH_PASSWORD");
    const both = { ...passwordFile("both", "x"), PQMESH_PASSWORD: "y" };
    expect(await refusal(both)).to.include("set only one of");
  });

  it("refuses a file that every user can read or change", async () => {
    expect(await refusal(passwordFile("readable", "secret", 0o644))).to.include("open to every user (mode 0644)");
    expect(await refusal(passwordFile("group", "secret", 0o640))).to.equal("no refusal");
  });

  it("refuses an empty, missing or huge file", async () => {
    expect(await refusal(passwordFile("empty", "\n"))).to.include("password is empty");
    expect(await refusal({ PQMESH_PASSWORD_FILE: path("missing") })).to.include("cannot be opened: it does not exist");
    expect(await refusal(passwordFile("huge", "x".repeat(2_000)))).to.include("over its limit of 1024");
  });

  it("never shows the password in an error", async () => {
    const both = { PQMESH_PASSWORD_FILE: path("empty"), PQMESH_PASSWORD: "hunter2hunter2" };
    expect(await refusal(both)).not.to.include("hunter2");
  });
}).timeout(10_000);
