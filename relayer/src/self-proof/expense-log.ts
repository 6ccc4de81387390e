import type { DatabaseSync } from "node:sqlite";
import type { Migration } from "../store/database.ts";

/** Schema of the expenses; pass it to `openDatabase`. */
export const EXPENSE_MIGRATIONS: Migration[] = [
  {
    name: "expense-1",
    sql: `
      CREATE TABLE expense (
        purpose TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        wei TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX expense_at ON expense (at);
    `,
  },
];

const DAY_SECONDS = 86_400n;

/** What a wallet set aside for transactions, durable, so that no restart starts the day's budget anew. */
export class ExpenseLog {
  readonly #db: DatabaseSync;
  readonly #dailyBudgetWei: bigint;

  /** @param db Opened with {@link EXPENSE_MIGRATIONS}. */
  constructor(db: DatabaseSync, dailyBudgetWei: bigint) {
    this.#db = db;
    this.#dailyBudgetWei = dailyBudgetWei;
  }

  /** Wei set aside in the day before a Unix time in seconds. */
  spentBefore(now: bigint): bigint {
    const rows = this.#db.prepare("SELECT wei FROM expense WHERE at > ?").all(now - DAY_SECONDS);
    return rows.reduce((sum, { wei }) => sum + BigInt(wei as string), 0n);
  }

  /** Sets wei aside for a purpose, once. @returns false when the budget of the day does not allow it. */
  reserve(purpose: string, wei: bigint, now: bigint): boolean {
    if (this.#db.prepare("SELECT 1 FROM expense WHERE purpose = ?").get(purpose)) return true;
    if (this.spentBefore(now) + wei > this.#dailyBudgetWei) return false;
    this.#db.prepare("DELETE FROM expense WHERE at <= ?").run(now - 30n * DAY_SECONDS);
    this.#db.prepare("INSERT INTO expense VALUES (?, ?, ?)").run(purpose, now, `${wei}`);
    return true;
  }
}
