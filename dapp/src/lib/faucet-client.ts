import type { Address } from "viem";

/** Asks the devnet's faucet for gas, MESH and stablecoin. @throws Error in one sentence. */
export async function askFaucet(url: string, address: Address): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ address }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (cause) {
    throw new Error("The faucet does not answer.", { cause });
  }
  if (response.ok) return;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? `The faucet says ${response.status}.`);
}
