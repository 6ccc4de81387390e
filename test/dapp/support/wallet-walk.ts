import { expect } from "chai";
import type { Locator, Page } from "playwright-core";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { TestWallet } from "./test-wallet.ts";

/** What a person does again and again with wallet and dialog. */
export class WalletWalk {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Connects the first announced wallet. */
  async connect(): Promise<void> {
    await this.#page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await this.#page.getByRole("dialog").getByRole("button", { name: "Birch Wallet" }).click();
    await this.#page.getByTestId("wallet-menu").waitFor();
  }

  /** Sentence of the open preview. */
  preview(): Promise<string | null> {
    return this.#page.getByTestId("preview").textContent();
  }

  /** Signs what is previewed and returns the sentence with which it fails; the dialog is closed then. */
  async fail(): Promise<string> {
    const dialog = this.#page.getByRole("dialog");
    await this.#confirm().click();
    await this.#page.locator('[data-testid="transaction-state"][data-phase="failed"]').waitFor();
    const sentence = (await this.#page.getByTestId("transaction-state").textContent()) ?? "";
    await dialog.getByRole("button", { name: "Not now" }).click();
    return sentence;
  }

  /** Tries what is previewed from another chain, and then declines it in the wallet: neither sends anything. */
  async hesitate(wallet: TestWallet): Promise<void> {
    const dialog = this.#page.getByRole("dialog");
    const { chainId } = wallet;
    await wallet.moveTo(1);
    await dialog.getByText("Connect a wallet on PQMesh test to go on.").waitFor();
    expect(await this.#confirm().isDisabled(), "on another chain").to.equal(true);
    await wallet.moveTo(chainId);
    wallet.declineNext = true;
    await this.#confirm().click();
    await dialog.getByText("You declined in the wallet. Nothing was sent.").waitFor();
  }

  #confirm(): Locator {
    return this.#page.getByRole("dialog").getByRole("button", { name: /Continue in the wallet|Try again/ });
  }

  /** Signs and sends what is previewed, closes the dialog and returns what it said at the end. */
  async finish(): Promise<string> {
    const dialog = this.#page.getByRole("dialog");
    await this.#confirm().click();
    const state = this.#page.getByTestId("transaction-state");
    const phase = async (): Promise<string> => (await state.getAttribute("data-phase")) ?? "";
    await waitUntil("the transaction ends", async () => /mined|failed/.test(await phase())).catch(
      async (cause: Error) => {
        throw new Error(`${cause.message}: it is ${await phase()}, ${await dialog.textContent()}`, { cause });
      },
    );
    const sentence = (await state.textContent()) ?? "";
    if ((await phase()) === "failed") throw new Error(`the transaction failed: ${sentence}`);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    return sentence;
  }
}
