import { mnemonicToAccount } from "viem/accounts";
import { DEVELOPMENT_MNEMONIC, DEVNET_CHAIN_ID, FUNDED_ACCOUNTS } from "../start/accounts.ts";

/**
 * Refuses accounts whose keys are public anywhere but on the local development chain.
 *
 * @throws Error naming the first role that uses such an account.
 */
export function refuseDevelopmentKeys(chainId: number, accountsByRole: Record<string, string>): void {
  if (chainId === DEVNET_CHAIN_ID) return;
  const known = new Set(
    Array.from({ length: FUNDED_ACCOUNTS }, (_, addressIndex) =>
      mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex }).address.toLowerCase(),
    ),
  );
  for (const [role, account] of Object.entries(accountsByRole)) {
    if (known.has(account.toLowerCase())) {
      throw new Error(`${role} ${account} is a public development account: refused on chain ${chainId}`);
    }
  }
}
