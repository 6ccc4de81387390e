import { bytesToHex } from "viem";
import { mnemonicToAccount, privateKeyToAddress } from "viem/accounts";

/** The publicly known development mnemonic of Hardhat and anvil. Its keys hold nothing of value on any real chain. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** Number of development accounts the chain node funds at genesis. */
export const FUNDED_ACCOUNTS = 100;

/** The only chain id on which development keys may sign. */
export const DEVNET_CHAIN_ID = 31_337;

/**
 * Refuses accounts whose keys are public anywhere but on the local development chain.
 *
 * @throws Error naming the first role that uses such an account.
 */
export function refuseDevelopmentKeys(chainId: number, accountsByRole: Record<string, string>): void {
  if (chainId === DEVNET_CHAIN_ID) return;
  const known = developmentAddresses();
  for (const [role, account] of Object.entries(accountsByRole)) {
    if (known.has(account.toLowerCase())) {
      throw new Error(`${role} ${account} is a public development account: refused on chain ${chainId}`);
    }
  }
}

/** Addresses of all funded development accounts, in lower case. */
function developmentAddresses(): Set<string> {
  const parent = mnemonicToAccount(DEVELOPMENT_MNEMONIC, { path: "m/44'/60'/0'/0" }).getHdKey();
  return new Set(
    Array.from({ length: FUNDED_ACCOUNTS }, (_, index) => {
      const { privateKey } = parent.deriveChild(index);
      if (!privateKey) throw new Error(`development account ${index} has no private key`);
      return privateKeyToAddress(bytesToHex(privateKey)).toLowerCase();
    }),
  );
}
