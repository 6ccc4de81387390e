import { DEVELOPMENT_MNEMONIC, DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { bytesToHex, type Hex } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";

/** First account index of each role. */
const ROLES = {
  deployer: 0,
  council: 1,
  faucet: 2,
  team: 3,
  investors: 4,
  /** Approves critical operations of the timelock, beside the council that proposes them. */
  approver: 5,
  operator: 10,
  relayer: 40,
  client: 60,
  holder: 70,
  /** Hot wallets of operators, which their agents send with. */
  agent: 80,
};

/** Role of a development account. */
export type Role = keyof typeof ROLES;

/**
 * A development account by role and number.
 *
 * @throws Error on any chain but the devnet.
 */
export function developmentAccount(role: Role, chainId: number, number = 0): HDAccount {
  if (chainId !== DEVNET_CHAIN_ID) {
    throw new Error(
      `development keys are refused on chain ${chainId}: they are public and only for chain ${DEVNET_CHAIN_ID}`,
    );
  }
  return mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: ROLES[role] + number });
}

/** Private key of a development account. */
export function privateKeyOf(account: HDAccount): Hex {
  const key = account.getHdKey().privateKey;
  if (!key) throw new Error(`account ${account.address} has no private key`);
  return bytesToHex(key);
}
