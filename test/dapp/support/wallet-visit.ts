import { type HDAccount, parseEther } from "viem";
import { passTime } from "./call-contract.ts";
import { type DappNetwork, startDappNetwork, USER } from "./dapp-network.ts";
import { openPerson, type Person } from "./person.ts";
import "./shared-network.ts";

/** Seconds of a word of rewards and of the finality horizon after it. */
const WORD_AND_HORIZON = 256 * 6 + 60;

/** A network that no other test uses, and a page of its site with a wallet connected. */
export interface WalletVisit extends Omit<Person, "close"> {
  network: DappNetwork;
  stop(): Promise<void>;
}

/** Who visits which page. */
export interface VisitOptions {
  account: HDAccount;
  /** Whole MESH that `USER` is given. */
  userMesh: number;
  /** Of the page. */
  path: string;
  /** Sets the network up before the page is opened. */
  prepare?(network: DappNetwork): Promise<void>;
}

/** Starts a network, waits for its first reports, and connects a wallet to a page of its site. */
export async function startWalletVisit({ account, userMesh, path, prepare }: VisitOptions): Promise<WalletVisit> {
  const network = await startDappNetwork();
  let person: Person | undefined;
  const stop = async (): Promise<void> => {
    await person?.close();
    await network.stop();
  };
  try {
    await network.network.call("MeshToken", "transfer", [USER.address, parseEther(`${userMesh}`)]);
    await network.driver.untilReported(4);
    await prepare?.(network);
    person = await openPerson(network, { account, path });
    return { ...person, network, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Moves the chain's clock until a word of rewards is over and final. */
export function passWord(network: DappNetwork): Promise<void> {
  return passTime(network, WORD_AND_HORIZON);
}
