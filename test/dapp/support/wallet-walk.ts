import type { Page } from "playwright-core";
import { waitUntil } from "../../helpers/wait-until.ts";

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

  /** Signs and sends what is previewed, closes the dialog and returns what it said at the end. */
  async finish(): Promise<string> {
    const dialog = this.#page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Continue in the wallet|Try again/ }).click();
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
