/** What a choice needs of a wagmi connector. */
export interface WalletConnector {
  id: string;
  name: string;
  type: string;
  icon?: string | undefined;
}

/** Id of wagmi's connector for `window.ethereum`. */
const LEGACY_ID = "injected";

/**
 * Wallets to offer: those announced by EIP-6963, each once, in order of name. The legacy `window.ethereum` is offered only when none was
 * announced and there is one, because it is always one of the announced wallets again.
 */
export function walletChoices<T extends WalletConnector>(connectors: readonly T[], hasLegacy: boolean): T[] {
  const announced = new Map<string, T>();
  for (const connector of connectors) {
    if (connector.id !== LEGACY_ID && !announced.has(connector.id)) announced.set(connector.id, connector);
  }
  if (announced.size > 0) return [...announced.values()].sort((a, b) => a.name.localeCompare(b.name));
  return hasLegacy ? connectors.filter(({ id }) => id === LEGACY_ID).slice(0, 1) : [];
}
