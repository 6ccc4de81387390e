import { parseUnits } from "viem";

/** An amount that was read, or the sentence that says why not. */
export type AmountReading = { wei: bigint } | { problem: string };

/** Reads an amount of MESH as people type it: digits, thin separators, one decimal point, at most 18 decimals. */
export function readMeshAmount(text: string): AmountReading {
  const plain = text.trim().replace(/[\s_,'’]/g, "");
  if (plain === "") return { problem: "Enter an amount." };
  if (!/^\d*\.?\d*$/.test(plain) || plain === ".") return { problem: "Enter a number, for example 20,000 or 0.5." };
  const decimals = plain.split(".")[1]?.length ?? 0;
  if (decimals > 18) return { problem: "MESH has 18 decimals; this has more." };
  const wei = parseUnits(plain, 18);
  return wei > 0n ? { wei } : { problem: "Enter more than zero." };
}
