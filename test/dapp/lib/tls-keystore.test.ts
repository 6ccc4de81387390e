import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeTlsKey } from "../../../dapp/src/lib/tls-keystore.ts";
import { openKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { readCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";

const PASSWORD = "a pässword of tests";
const CHEAP = 2 ** 14;

describe("a key for TLS that the dApp makes", function () {
  this.timeout(20_000);
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "d-tls-keystore-"));
  });

  after(() => rmSync(directory, { recursive: true }));

  it("is opened by the services and asked to be certified", async () => {
    const { keystore, request } = await makeTlsKey(PASSWORD, "node 4", CHEAP);
    const file = join(directory, "tls.json");
    writeFileSync(file, keystore, { mode: 0o600 });
    const opened = await openKeystore(file, PASSWORD);
    expect(opened).to.include({ kind: "ml-dsa-65", purpose: "tls" });
    expect(Buffer.from(readCertificateRequest(request)).equals(opened.publicKey)).to.equal(true);
    const refused = await openKeystore(file, "another password").catch((error: Error) => error.message);
    expect(refused).to.include("the password is wrong");
  });

  it("is another one each time", async () => {
    const [one, other] = [await makeTlsKey(PASSWORD, "a", CHEAP), await makeTlsKey(PASSWORD, "a", CHEAP)];
    expect(readCertificateRequest(one.request)).not.to.deep.equal(readCertificateRequest(other.request));
  });
});
