import { X509Certificate } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Download, Locator, Page } from "playwright-core";
import { keccak256 } from "viem";
import { openKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { mlDsa65PublicKeyRaw } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { IssuingRelayer } from "../support/issuing-relayer.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";
import { registerStakedUser } from "../support/staked-user.ts";

const NODE = 4;
const PASSWORD = "a password for this key";

describe("certificates asked of an authority's service", function () {
  this.timeout(240_000);
  let network: DappNetwork;
  let relayer: IssuingRelayer;
  let person: Person;
  let page: Page;
  /** What became of the request that was handed in last on this visit. */
  let application: Locator;
  /** Request that was taken last. */
  let newest: string;

  before(async () => {
    network = await startDappNetwork();
    await registerStakedUser(network, { rootKey: keccak256("0x02"), node: NODE });
    relayer = await IssuingRelayer.start(network);
    network.site.network = relayer.networkOf(network);
    person = await openPerson(network, { account: USER, path: "/my-certificates" });
    page = person.page;
    application = page.locator('[data-testid="application"][data-resumed="false"]');
  });

  after(async () => {
    await person?.close();
    await relayer?.stop();
    await network?.stop();
  });

  afterEach(() => {
    expect(person.errors, "errors in the page").to.deep.equal([]);
  });

  const own = () => page.getByRole("region", { name: "Operator 2 and its nodes" });
  const rows = (status: string, of: string) =>
    own()
      .locator("[data-certificate]")
      .filter({ hasText: of })
      .filter({ has: page.locator(`[data-status="${status}"]`) });
  const handIn = async (): Promise<void> => {
    await page.getByRole("button", { name: "Sign and hand in" }).click();
  };
  const untilRecorded = () => application.and(page.locator('[data-state="recorded"], [data-state="final"]')).waitFor();
  const download = async (button: string): Promise<Download> => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: button }).click(),
    ]);
    return file;
  };
  const ask = async (request: string): Promise<void> => {
    await page.goto(`${network.url}/my-certificates`);
    await page.getByLabel("For", { exact: true }).selectOption({ label: `node ${NODE}` });
    await page.getByLabel("Request (PKCS #10)").fill(request);
    await handIn();
  };

  it("are for a key that was made in the browser", async () => {
    const make = page.getByRole("button", { name: "Make a new key here" });
    const password = page.getByLabel("Password of the new key");
    await make.click();
    const [above, below] = await Promise.all([make, password].map((element) => element.boundingBox()));
    expect(below!.y - above!.y, "opens right below its button").to.be.within(0, 120);
    await make.click();
    await password.waitFor({ state: "detached" });
    await make.click();
    await password.fill(PASSWORD);
    const keystore = await download("Make and save the key");
    expect(keystore.suggestedFilename()).to.equal("tls-operator-2.json");
    await handIn();
    await untilRecorded();
    await rows("Good", "operator 2").waitFor();

    const [keyFile, certificateFile] = ["key.json", "certificate.pem"].map((name) => join(temporaryFolder(), name));
    await keystore.saveAs(keyFile!);
    chmodSync(keyFile!, 0o600);
    await (await download("Download the certificate")).saveAs(certificateFile!);
    const certificate = new X509Certificate(readFileSync(certificateFile!));
    const { publicKey } = await openKeystore(keyFile!, PASSWORD);
    expect(Buffer.from(mlDsa65PublicKeyRaw(certificate.publicKey)).equals(publicKey)).to.equal(true);
    expect(certificate.checkIssued(relayer.authority.certificate)).to.equal(true);
  });

  it("can still be fetched after a reload", async () => {
    await page.reload();
    await page.getByTestId("application").getByText("Your last request").waitFor();
    const file = join(temporaryFolder(), "again.pem");
    await (await download("Download the certificate")).saveAs(file);
    expect(new X509Certificate(readFileSync(file)).checkIssued(relayer.authority.certificate)).to.equal(true);
  });

  it("are rotated: the next takes the place of the one before, which stays good for a while", async () => {
    await ask(await createCertificateRequest(certificateKey(), "first"));
    await untilRecorded();
    await application.and(page.locator('[data-state="final"]')).waitFor({ timeout: 60_000 });
    newest = await createCertificateRequest(certificateKey(), "second");
    await ask(newest);
    await untilRecorded();
    await page.getByTestId("application").getByRole("link", { name: "See its status" }).click();
    await page.getByTestId("certificate-status").getByText("Good").waitFor();
    await page.getByText("It took the place of").getByRole("link").click();
    await page.locator('[data-change="Rotated"]').waitFor();
    await page.getByTestId("certificate-status").getByText("Good").waitFor();
    await page.getByText("superseded").first().waitFor();
  });

  it("are refused with the authority's own words", async () => {
    const key = certificateKey();
    await ask(await createCertificateRequest(key, "node"));
    await page
      .getByRole("alert")
      .getByText(/is on its way to the chain/)
      .waitFor();
    await page.locator('[data-testid="application"]').waitFor({ state: "detached" });
    await page.getByLabel("Request (PKCS #10)").fill("-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----");
    await handIn();
    await page.getByText("This is a private key.").waitFor();
  });

  it("are revoked, which bars the node until the next one is recorded", async () => {
    await page.goto(`${network.url}/my-certificates`);
    await own()
      .locator("[data-certificate]")
      .filter({ hasText: `node ${NODE}` })
      .first()
      .getByRole("button", { name: "Revoke" })
      .click();
    await page.getByTestId("revocation-effects").getByText("earns nothing until it has a new certificate").waitFor();
    await page.getByLabel("Reason").selectOption("1");
    await page.getByRole("button", { name: "Preview revocation" }).click();
    await person.walk.finish();
    await page.goto(`${network.url}/nodes/${NODE}`);
    const bar = page.locator('[data-testid="certificate-bar"][data-remedy="certificate"]');
    await bar.getByText("A new certificate lifts the bar").waitFor();
    await waitUntil("the certificate before is final", () => relayer.isFinal(newest), 60_000);
    await ask(await createCertificateRequest(certificateKey(), "healed"));
    await untilRecorded();
    await page.goto(`${network.url}/nodes/${NODE}`);
    await page.getByRole("heading", { name: `Node ${NODE}` }).waitFor();
    await bar.waitFor({ state: "detached" });
  });
});
