import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { emergencyOrder, emergencyOrderRequest } from "@pqmesh/contracts/protocol/emergency-order";
import { formatEmergencyRequest } from "@pqmesh/contracts/protocol/emergency-order-file";
import { formatMemberDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { keccak256 } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { openPage, type TestPage } from "../support/browser.ts";
import { callContract } from "../support/call-contract.ts";
import { CertifiedNetwork, type RecordedCertificate } from "../support/certified-network.ts";
import { type DappNetwork, startDappNetwork, USER } from "../support/dapp-network.ts";
import { OfflineRootKey } from "../support/offline-root-key.ts";
import { openPerson } from "../support/person.ts";
import "../support/shared-network.ts";
import { registerStakedUser } from "../support/staked-user.ts";
import { installWallet } from "../support/test-wallet.ts";

const VOTER = testAccount(14);
const IDENTITY = 2;
const NODE = 4n;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe("certificates by wallet", function () {
  this.timeout(240_000);
  let network: DappNetwork;
  let certified: CertifiedNetwork;
  let key: OfflineRootKey;
  let operatorCertificate: RecordedCertificate;
  let nodeCertificate: RecordedCertificate;
  let opened: TestPage;
  let page: Page;

  before(async () => {
    [network, key] = await Promise.all([startDappNetwork(), OfflineRootKey.create()]);
    await registerStakedUser(network, { rootKey: key.publicKey, node: Number(NODE) });
    certified = await CertifiedNetwork.admit(network, keccak256("0x01"));
    operatorCertificate = await certified.issue("operator", BigInt(IDENTITY));
    nodeCertificate = await certified.issue("node", NODE);
    opened = await openPage();
    page = opened.page;
    await installWallet(page, { chain: network.chain, account: USER, chainId: network.config.chainId });
    await page.goto(`${network.url}/my-certificates`);
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Alder Wallet" }).click();
    await page.getByTestId("wallet-menu").waitFor();
  });

  after(async () => {
    await opened?.close();
    await network?.stop();
    key?.remove();
  });

  afterEach(() => {
    expect(opened.errors, "errors in the page").to.deep.equal([]);
  });

  const row = ({ serial }: RecordedCertificate) => page.locator(`[data-certificate="${serial}"]`);
  const status = (certificate: RecordedCertificate, wanted: string) =>
    row(certificate).locator(`[data-status="${wanted}"]`).waitFor();
  const look = async (text: string): Promise<void> => {
    await page.goto(`${network.url}/certificates`);
    await page.getByLabel("Serial number, DID or certificate").fill(text);
    await page.getByRole("button", { name: "Look up", exact: true }).click();
  };
  const finish = async (): Promise<string> => {
    await page.getByRole("button", { name: "Continue in the wallet" }).click();
    await page.locator('[data-testid="transaction-state"][data-phase="mined"]').waitFor();
    const sentence = (await page.getByTestId("transaction-state").textContent())!;
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    return sentence;
  };

  it("lists those of the operator and its nodes, and when they expire", async () => {
    await status(operatorCertificate, "Good");
    await status(nodeCertificate, "Good");
    const calendar = page.getByRole("region", { name: "Expiry calendar" });
    await calendar.getByText(`node ${NODE}`).waitFor();
    await calendar.getByText(`operator ${IDENTITY}`).waitFor();
    await page.getByText("No authority takes requests here").waitFor();
  });

  it("shows a voter its own, and others how they get one", async () => {
    const serial = await certified.issueVoter(2n ** 32n + 7n, VOTER.address);
    for (const [account, shown] of [
      [VOTER, `[data-certificate="${serial}"] [data-status="Good"]`],
      [testAccount(15), "text=This wallet acts for no operator, and is no voter"],
    ] as const) {
      const person = await openPerson(network, { account, path: "/my-certificates" });
      await person.page.locator(shown).waitFor();
      await person.close();
    }
  });

  it("shows the status of any serial number with its issuers", async () => {
    await look(`0x${nodeCertificate.serial.toString(16)}`);
    await page.getByTestId("certificate-status").getByText("Good").waitFor();
    await page.locator('[data-authority="1"][data-standing="Good"]').waitFor();
    await page.locator('[data-change="Issued"]').waitFor();
    await look("12345");
    await page.getByText("This certificate is unknown").waitFor();
  });

  it("finds certificates by DID", async () => {
    const { chainId, contracts } = network.config;
    await look(formatMemberDid({ chainId, registry: contracts.NodeRegistry, kind: "node", subject: NODE }));
    const found = page.getByRole("region", { name: `Certificates of node ${NODE}` });
    await found.locator(`[data-certificate="${nodeCertificate.serial}"]`).waitFor();
  });

  it("compares a pasted X.509 certificate with its record", async () => {
    await look(nodeCertificate.pem);
    await page.getByTestId("x509-verdict").getByText("It is the recorded certificate of node 4.").waitFor();
    await look(String((await certified.make(NODE)).cert));
    await page.getByText("No authority of this network ever recorded it. Do not trust it.").waitFor();
    await look(certified.pem);
    await page.getByText("It is the certificate of authority 1, which issues those of others.").waitFor();
  });

  it("says what a revocation takes from votes, once they follow certificates", async () => {
    const effects = page.getByTestId("revocation-effects");
    const choose = async (): Promise<void> => {
      await page.goto(`${network.url}/my-certificates`);
      await row(operatorCertificate).getByRole("button", { name: "Revoke" }).click();
    };
    await choose();
    await effects.getByText("Votes do not follow certificates yet, so none is lost.").waitFor();
    await callContract(network, {
      ...{ from: testAccount(0).address, contract: "QuadraticVotes", abi: quadraticVotesAbi },
      ...{ name: "setGate", args: [network.config.contracts.CertificateRegistry] },
    });
    await choose();
    await effects.getByText(`Operator ${IDENTITY} has no units to vote with now`).waitFor();
  });

  it("says what a revocation breaks, and revokes", async () => {
    await page.goto(`${network.url}/my-certificates`);
    await row(nodeCertificate).getByRole("button", { name: "Revoke" }).click();
    const effects = page.getByTestId("revocation-effects");
    await effects.getByText("Relayers refuse node 4").waitFor();
    await effects.getByText("earns nothing until it has a new certificate").waitFor();
    await page.getByLabel("Reason").selectOption("1");
    await page.getByRole("button", { name: "Preview revocation" }).click();
    expect(await page.getByTestId("preview").textContent()).to.include("node 4: key compromised.");
    expect(await finish()).to.include("is revoked");
    await status(nodeCertificate, "Revoked");
  });

  it("tells who revoked it and why, also without the indexer", async () => {
    const revoked = page.locator('[data-change="Revoked"]').getByText("key compromised");
    await page.goto(`${network.url}/certificates/${nodeCertificate.serial}`);
    await page.getByTestId("certificate-status").getByText("Revoked").waitFor();
    await revoked.waitFor();
    await network.indexer.pause();
    await page.reload();
    await revoked.waitFor();
    await network.indexer.resume();
  });

  it("fits a phone of 360 pixels", async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    for (const path of [
      "certificates",
      `certificates/${nodeCertificate.serial}`,
      "my-certificates",
      "certificate-log",
    ]) {
      await page.goto(`${network.url}/${path}`);
      await page.locator("main section").first().waitFor();
      expect(await page.evaluate(OVERFLOW), path).to.equal(0);
    }
    await page.setViewportSize({ width: 1_280, height: 900 });
  });

  it("proves in the browser that an entry is in the log", async () => {
    await page.goto(`${network.url}/certificate-log`);
    await page.getByRole("button", { name: "Verify entry 1", exact: true }).click();
    await page.locator('[data-testid="inclusion"][data-included="true"]').waitFor();
    await page.getByRole("button", { name: "Store the head" }).click();
    expect(await finish()).to.include("The head of the log is stored.");
    await page.getByRole("button", { name: "Verify all" }).click();
    await page
      .getByTestId("log-check")
      .getByText(/✓ All \d+ entries .* continue 1 stored head/)
      .waitFor();
  });

  it("sees that whoever serves the entries changed one", async () => {
    await page.route(`${network.config.indexerUrl}/graphql`, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replaceAll('"action":"Revoke"', '"action":"Hold"');
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    await page.getByRole("button", { name: "Verify all" }).click();
    await page.getByTestId("log-check").getByText("one was dropped or changed").waitFor();
    await page.unrouteAll({ behavior: "wait" });
  });

  it("sends an emergency order that the root key signed offline", async () => {
    const { chainId, contracts } = network.config;
    const orderOf = (nonce: number) =>
      emergencyOrderRequest({
        ...{ chainId, registry: contracts.CertificateRegistry, key: key.publicKey },
        order: emergencyOrder("Revoke", {
          ...{ identityId: IDENTITY, serials: [operatorCertificate.serial], reason: 1 },
          ...{ nonce, deadline: 4_000_000_000n },
        }),
      });
    const sign = async (nonce: number): Promise<string> => {
      const file = join(temporaryFolder(), "emergency.json");
      writeFileSync(file, formatEmergencyRequest(orderOf(nonce)));
      return key.sign(file);
    };
    await page.goto(`${network.url}/my-certificates`);
    await page.getByTestId("emergency-file").setInputFiles(await sign(1));
    await page.getByTestId("signed-emergency").getByText("The order is number 1, but number 0 comes next").waitFor();
    await page.getByTestId("emergency-file").setInputFiles(await sign(0));
    await page.getByTestId("signed-emergency").getByText("✓ Signed by the root key of the operator.").waitFor();
    await page.getByRole("button", { name: "Preview emergency order" }).click();
    expect(await page.getByTestId("preview").textContent()).to.include("Revoke 1 certificate of operator 2");
    expect(await finish()).to.include("Revoked");
    await status(operatorCertificate, "Revoked");
  });
});
