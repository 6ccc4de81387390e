import { createHash, X509Certificate } from "node:crypto";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { type Address, type Hex, keccak256, stringToHex, zeroAddress } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { TestAuthority, type TestMember, TRUST_DOMAIN } from "../../relayer/transport/test-authority.ts";
import { callContract } from "./call-contract.ts";
import type { DappNetwork } from "./dapp-network.ts";

const DAY = 86_400;
const ALL_KINDS = 0x1e;
/** As ICertificateRegistry numbers kinds. */
const KINDS = { operator: 1, node: 2, voter: 3 } as const;
/** Timelock of a test network. */
const TIMELOCK = testAccount(0).address;
/** Account of authority 1. */
export const ISSUER = testAccount(13);
/** Who issues when nobody else is named. */
const ROOT = { authorityId: 1, account: ISSUER.address };

/** A recorded certificate. */
export interface RecordedCertificate {
  serial: bigint;
  /** The X.509 certificate in PEM. */
  pem: string;
}

/** A root authority with a real ML-DSA-65 certificate. */
export async function makeAuthority(): Promise<{ authority: TestAuthority; pem: string }> {
  const authority = await TestAuthority.create();
  return { authority, pem: authority.authority.pem };
}

/** Authority 1 of a network and what it issues. */
export class CertifiedNetwork {
  readonly #network: DappNetwork;
  readonly #authority: TestAuthority;

  private constructor(network: DappNetwork, authority: TestAuthority) {
    this.#network = network;
    this.#authority = authority;
  }

  /** Lets the timelock admit an authority. */
  static async admit(network: DappNetwork, recoveryKey: Hex): Promise<CertifiedNetwork> {
    const { authority, pem } = await makeAuthority();
    const terms = {
      ...{
        account: ISSUER.address,
        recoveryKey,
        trustDomain: keccak256(stringToHex(TRUST_DOMAIN)),
        x509Hash: hashOf(pem),
      },
      ...{ notAfter: (await chainTime(network)) + 900 * DAY, pathLength: 1, kinds: ALL_KINDS },
      ...{ identityFrom: 1, identityUntil: 2 ** 32 - 1 },
    };
    const made = new CertifiedNetwork(network, authority);
    await made.send(TIMELOCK, "admitRoot", [terms]);
    return made;
  }

  /** The authority's own certificate in PEM. */
  get pem(): string {
    return this.#authority.authority.pem;
  }

  /** Issues and records a certificate. */
  async issue(kind: keyof typeof KINDS, subject: bigint, by = ROOT): Promise<RecordedCertificate> {
    const made = await this.make(subject);
    await this.send(by.account, "issue", [by.authorityId, await this.#issuance(kind, subject, made)]);
    return { serial: serialOf(made), pem: String(made.cert) };
  }

  /** Issues a certificate that takes the place of another, which stays good for a day. */
  async rotate(kind: keyof typeof KINDS, subject: bigint, replaced: bigint): Promise<RecordedCertificate> {
    const made = await this.make(subject);
    const issuance = await this.#issuance(kind, subject, made);
    await this.send(ISSUER.address, "rotate", [1, replaced, issuance, issuance.notBefore + DAY]);
    return { serial: serialOf(made), pem: String(made.cert) };
  }

  /** Makes an X.509 certificate that nobody records. */
  make(subject: bigint): Promise<TestMember> {
    return this.#authority.node(Number(subject));
  }

  /** Sends a call to the registry. */
  send(from: Address, name: string, args: readonly unknown[]): Promise<void> {
    return callContract(this.#network, {
      from,
      contract: "CertificateRegistry",
      abi: certificateRegistryAbi,
      name,
      args,
    });
  }

  /** Records a certificate of a voter for the account that it votes with. */
  async issueVoter(nullifier: bigint, account: Address): Promise<bigint> {
    const made = await this.make(0n);
    const issuance = { ...(await this.#issuance("voter", nullifier, made)), account };
    await this.send(ISSUER.address, "issue", [1, issuance]);
    return serialOf(made);
  }

  async #issuance(kind: keyof typeof KINDS, subject: bigint, made: TestMember) {
    const notBefore = await chainTime(this.#network);
    return {
      ...{ serial: serialOf(made), kind: KINDS[kind], subject, account: zeroAddress },
      ...{ notBefore, notAfter: notBefore + 47 * DAY, x509Hash: hashOf(String(made.cert)) },
    };
  }
}

function serialOf({ serialNumber }: TestMember): bigint {
  return BigInt(`0x${serialNumber}`);
}

function hashOf(pem: string): Hex {
  return `0x${createHash("sha256").update(new X509Certificate(pem).raw).digest("hex")}`;
}

async function chainTime({ chain }: DappNetwork): Promise<number> {
  return Number((await chain.rpc<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false)).timestamp);
}
