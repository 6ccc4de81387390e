import { weiSchema } from "../service/wei-schema.ts";

/** What is done about offences of others: nothing, or they are found and shown, or also proven. */
export const WATCH_POLICIES = ["off", "observe", "act"] as const;

/** How others are watched. */
export interface WatchPolicy {
  watch: (typeof WATCH_POLICIES)[number];
  /** Wei in bonds of own challenges at once at most. */
  bondBudgetWei: bigint;
}

/** A budget for bonds in a configuration: wei in decimal digits, default 0.1 ether. */
export const bondBudgetSchema = weiSchema("100000000000000000");
