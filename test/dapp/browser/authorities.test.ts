import { expect } from "chai";
import type { Page } from "playwright-core";
import { keccak256 } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { CertifiedNetwork, ISSUER, makeAuthority, type RecordedCertificate } from "../support/certified-network.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { openPerson, type Person } from "../support/person.ts";
import "../support/shared-network.ts";
import { registerStakedUser } from "../support/staked-user.ts";

const NODE = 4;
/** Account of the authority below. */
const BELOW = testAccount(14).address;
const DELEGATE = testAccount(15);
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe("authorities by wallet", function () {
  this.timeout(240_000);
  let network: DappNetwork;
  let certified: CertifiedNetwork;
  let certificate: RecordedCertificate;
  let person: Person;
  let page: Page;

  before(async () => {
    network = await startDappNetwork();
    await registerStakedUser(network, { rootKey: keccak256("0x02"), node: NODE });
    certified = await CertifiedNetwork.admit(network, keccak256("0x01"));
    certificate = await certified.issue("node", BigInt(NODE));
    person = await openPerson(network, { account: ISSUER, path: "/my-certificates" });
    page = person.page;
  });

  after(async () => {
    await person?.close();
    await network?.stop();
  });

  afterEach(() => {
    expect(person.errors, "errors in the page").to.deep.equal([]);
  });

  const open = (path: string) => page.goto(`${network.url}/${path}`);
  const button = (name: string) => page.getByRole("main").getByRole("button", { name, exact: true });
  const effects = () => page.getByTestId("revocation-effects");
  const standing = (id: number, wanted: string) =>
    page.locator(`[data-authority="${id}"][data-standing="${wanted}"]`).waitFor();
  const nodeIsBarred = async (remedy: string): Promise<void> => {
    await open(`nodes/${NODE}`);
    await page.locator(`[data-testid="certificate-bar"][data-remedy="${remedy}"]`).waitFor();
  };
  const nodeIsFree = async (): Promise<void> => {
    await open(`nodes/${NODE}`);
    await page.getByRole("heading", { name: `Node ${NODE}` }).waitFor();
    await page.getByTestId("certificate-bar").waitFor({ state: "detached" });
  };

  it("lead from the wallet of the account to what they issued", async () => {
    await page
      .getByRole("region", { name: "Authorities that you run" })
      .getByRole("link", { name: "Authority 1" })
      .click();
    await page.getByRole("region", { name: "As its account" }).waitFor();
    await page
      .getByRole("region", { name: "What it issued" })
      .locator(`[data-certificate="${certificate.serial}"]`)
      .waitFor();
    expect(await button("Hold").count(), "its own account cannot hold it").to.equal(0);
  });

  it("hold a certificate, which bars its node, and release it", async () => {
    await open(`certificates/${certificate.serial}`);
    await button("Hold").click();
    await effects().getByText("earns nothing until it is released or it has a new certificate").waitFor();
    await button("Preview hold").click();
    expect(await person.walk.finish()).to.include("is on hold");
    await page.getByTestId("certificate-status").getByText("On hold").waitFor();
    await nodeIsBarred("release");
    const owner = await openPerson(network, { account: USER, path: "/operate" });
    const bar = owner.page.locator(`[data-own-node="${NODE}"] [data-testid="certificate-bar"]`);
    await bar.getByText("Its authority can release it; a new certificate lifts the bar, too.").waitFor();
    await owner.close();
    await open(`certificates/${certificate.serial}`);
    await button("Release").click();
    expect(await person.walk.finish()).to.include("is released");
    await page.getByTestId("certificate-status").getByText("Good").waitFor();
    await nodeIsFree();
  });

  it("say that a replaced certificate decides nothing", async () => {
    const newer = await certified.rotate("node", BigInt(NODE), certificate.serial);
    await open(`certificates/${certificate.serial}`);
    await button("Revoke").click();
    await effects().getByText("Another certificate took its place already.").waitFor();
    await effects().getByText(`Node ${NODE} stays as active as it is`).waitFor();
    await button("Preview revocation").click();
    expect(await person.walk.preview()).to.include(`of node ${NODE}: no reason given.`);
    await person.walk.finish();
    await nodeIsFree();
    certificate = newer;
  });

  it("admit one below, within their own limits", async () => {
    await open("authorities/1");
    await button("Admit one below").click();
    await page.getByLabel("Account that issues and revokes").fill(BELOW);
    await page.getByLabel("Recovery key", { exact: true }).fill(keccak256("0x03"));
    await page.getByLabel("Its certificate, in PEM").fill((await makeAuthority()).pem);
    await page.getByLabel("Levels below it").fill("1");
    await page.getByText("Authority 1 allows at most 0.").waitFor();
    await page.getByLabel("Levels below it").fill("0");
    await button("Preview admission").click();
    expect(await person.walk.preview()).to.include("below authority 1, whose account");
    expect(await person.walk.finish()).to.include("is admitted below authority 1");
    await standing(2, "Good");
  });

  it("name delegates and dismiss them", async () => {
    await page.getByLabel("Name a delegate").fill("0x1234");
    await page.getByText("It has 2 bytes; an address has 20").waitFor();
    await page.getByLabel("Name a delegate").fill(DELEGATE.address);
    await button("Preview delegate").click();
    await person.walk.finish();
    const named = page.locator(`[data-delegate="${DELEGATE.address.toLowerCase()}"]`);
    await named.getByRole("button", { name: "Dismiss" }).click();
    await person.walk.finish();
    await named.waitFor({ state: "detached" });
  });

  it("let a delegate hold and release by an order that it signs", async () => {
    await certified.send(ISSUER.address, "setDelegate", [1, DELEGATE.address, true]);
    const path = `/certificates/${certificate.serial}`;
    const delegate = await openPerson(network, { account: DELEGATE, path });
    const desk = delegate.page.getByRole("region", { name: "As a delegate" });
    await desk.getByRole("button", { name: "Hold" }).click();
    await delegate.page.getByRole("button", { name: "Preview hold" }).click();
    expect(await delegate.walk.finish()).to.include("is on hold");
    await desk.getByRole("button", { name: "Release" }).click();
    expect(await delegate.walk.finish()).to.include("is released");
    await delegate.page.getByTestId("certificate-status").getByText("Good").waitFor();
    expect(delegate.errors).to.deep.equal([]);
    await delegate.close();
  });

  it("end with a certificate what it replaced and is good still, if wanted", async () => {
    const newer = await certified.rotate("node", BigInt(NODE), certificate.serial);
    await open(`certificates/${newer.serial}`);
    await button("Revoke").click();
    const also = page.getByLabel("Also end what it replaced");
    expect(await also.isChecked()).to.equal(true);
    await also.uncheck();
    await button("Preview revocation").click();
    const dialog = page.getByRole("dialog");
    await page.getByTestId("preview").waitFor();
    expect(await dialog.textContent()).not.to.include("which it replaced");
    await dialog.getByRole("button", { name: "Not now" }).click();
    await also.check();
    await button("Preview revocation").click();
    await dialog.getByText("which it replaced").waitFor();
    await person.walk.finish();
    await open(`certificates/${certificate.serial}`);
    await page.getByTestId("certificate-status").getByText("Revoked").waitFor();
    await nodeIsBarred("certificate");
  });

  it("fit a phone of 390 pixels", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open("authorities/1");
    for (const task of ["Admit one below", "Hand over", "Taint", "Revoke"]) {
      await button(task).click();
      await page.getByRole("button", { name: "Not now" }).waitFor();
      expect(await page.evaluate(OVERFLOW), task).to.equal(0);
    }
    await page.setViewportSize({ width: 1_280, height: 900 });
  });

  it("taint one below, and bring its nodes in line", async () => {
    await certified.issue("node", BigInt(NODE), { authorityId: 2, account: BELOW });
    await open("authorities/2");
    await page.getByRole("region", { name: "As an authority above it" }).waitFor();
    await button("Taint").click();
    await page.getByLabel("Since how long").fill("1 h");
    await effects().getByText("Certificates of 1 node are not good at once").waitFor();
    await button("Preview taint").click();
    expect(await person.walk.preview()).to.include("may be in other hands since");
    expect(await person.walk.finish()).to.include("Authority 2 is tainted.");
    await page.getByTestId("authority-standing").getByText("Tainted").waitFor();
    await button("Bring in line").click();
    expect(await person.walk.finish()).to.include("follow their certificates");
    await nodeIsBarred("authority");
  });

  it("hold one below, release it and revoke it", async () => {
    await open("authorities/2");
    await button("Hold").click();
    await effects().getByText("issues nothing until it is released").waitFor();
    await button("Preview hold").click();
    await person.walk.finish();
    await page.getByTestId("authority-standing").getByText("On hold").waitFor();
    await button("Release").click();
    await person.walk.finish();
    await page.getByTestId("authority-standing").getByText("Tainted").waitFor();
    await button("Revoke").click();
    await page.getByLabel("Reason").selectOption("2");
    await button("Preview revocation").click();
    expect(await person.walk.preview()).to.include("with everything below it: authority compromised.");
    await person.walk.finish();
    await page.getByTestId("authority-standing").getByText("Revoked").waitFor();
    expect(await button("Taint").count()).to.equal(0);
  });

  it("are handed to another account", async () => {
    await open("authorities/1");
    await button("Hand over").click();
    await page.getByLabel("New account").fill(BELOW);
    await button("Preview handover").click();
    expect(await person.walk.preview()).to.include("this wallet does not");
    await person.walk.finish();
    await page.getByRole("region", { name: "As its account" }).waitFor({ state: "detached" });
  });
});
