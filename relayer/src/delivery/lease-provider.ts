import { type CredentialContext, isDeliveryKey } from "@pqmesh/contracts/protocol/sealed-credential";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import { keccak256 } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError, RpcTransportError } from "../chain/json-rpc.ts";
import type { HotWallet } from "../self-proof/hot-wallet.ts";
import type { CapacityKeeper } from "./capacity-keeper.ts";
import { judgeOpening, type ProviderState } from "./judge-opening.ts";
import type { LeaseBook, OwnLease } from "./lease-book.ts";
import { LeaseEndpoint } from "./lease-endpoint.ts";
import type { LeaseFolders } from "./lease-folders.ts";
import { acceptingIntent, acceptIntent, declineIntent, deliverIntent, openingIntents } from "./lease-intents.ts";
import type { LeaseReads } from "./lease-reads.ts";
import type { LeaseSecret } from "./lease-secret.ts";
import type { LeasesConfig } from "./leases-schema.ts";

/** What {@link LeaseProvider} needs. */
export interface LeaseProviderParts {
  nodeIndex: number;
  config: LeasesConfig;
  /** Shares that the agent attests, packed. */
  shares: bigint;
  escrow: Address;
  chain: Pick<ChainFollower, "chainId" | "head" | "epochAt" | "epochLengthSeconds" | "events" | "isActive">;
  book: LeaseBook;
  reads: LeaseReads;
  secret: LeaseSecret;
  folders: LeaseFolders;
  capacity: CapacityKeeper;
  wallet: Pick<HotWallet, "send" | "isOpen">;
  log: Logger;
  /** Milliseconds between two looks at the chain; default a twentieth of an epoch, from 500 to 5,000. */
  passMs?: number;
}

/** What was found out about a lease that is active, in the epoch given. */
interface Served {
  lease: OwnLease;
  epoch: bigint;
  isServed: boolean;
  /** Delivery key and what was delivered last when the credential was compared. */
  compared: string;
}

const PASS_MS = { min: 500, max: 5_000 } as const;

/**
 * Accepts leases of the node, delivers their credentials, serves them while they last, and removes their files afterwards.
 * What was accepted and delivered is known from the chain alone; what is delivered follows from the secret in the data directory.
 */
export class LeaseProvider {
  readonly #parts: LeaseProviderParts;
  readonly #active = new Map<bigint, Served>();
  /** What was logged last of a lease, so that it is said once. */
  readonly #said = new Map<bigint, string>();
  readonly #problems = new Map<string, string>();
  #endpoint: LeaseEndpoint | undefined;
  #running: Promise<void> | undefined;
  #lastPass = -Infinity;
  #clearedAt = -1n;
  #stopped = false;

  constructor(parts: LeaseProviderParts) {
    this.#parts = parts;
  }

  /** Port of the endpoint; undefined before the first lease is served. */
  get port(): number | undefined {
    return this.#endpoint?.port;
  }

  /** Leases that clients can use now. */
  get served(): bigint[] {
    return [...this.#active.values()].filter(({ isServed }) => isServed).map(({ lease }) => lease.leaseId);
  }

  start(): void {
    this.#parts.chain.events.on("head", this.#look);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#parts.chain.events.off("head", this.#look);
    await this.#running;
    this.#parts.book.stop();
    await this.#endpoint?.close();
  }

  health(): { ok: boolean; reasons: string[] } {
    const reasons = [...this.#problems.values()];
    return { ok: reasons.length === 0, reasons };
  }

  readonly #look = (): void => {
    const { chain, passMs } = this.#parts;
    const every = passMs ?? Math.min(PASS_MS.max, Math.max(PASS_MS.min, chain.epochLengthSeconds * 50));
    if (this.#running || this.#stopped || performance.now() - this.#lastPass < every) return;
    this.#lastPass = performance.now();
    this.#running = this.#tryPass().finally(() => {
      this.#running = undefined;
    });
  };

  async #tryPass(): Promise<void> {
    try {
      await this.#pass();
      this.#problems.delete("pass");
    } catch (error) {
      this.#parts.log.warn({ err: error }, "leases could not be looked after");
      this.#problems.set("pass", `leases: ${(error as Error).message}`);
    }
  }

  async #pass(): Promise<void> {
    const { book, capacity } = this.#parts;
    await book.refresh();
    const known = new Set(book.leases().map(({ leaseId }) => leaseId));
    for (const leaseId of this.#active.keys())
      if (!known.has(leaseId)) this.#end(leaseId, "it is not on the chain any more");
    for (const leaseId of this.#said.keys()) if (!known.has(leaseId)) this.#said.delete(leaseId);
    const names = new Set(["pass", ...book.leases().map(nameOf)]);
    for (const name of this.#problems.keys()) if (!names.has(name)) this.#problems.delete(name);
    for (const lease of book.leases()) if (!this.#stopped) await this.#tryLookAfter(lease);
    await this.#clearFolders();
    await capacity.look();
  }

  /** One lease that cannot be looked after does not hold up the others. */
  async #tryLookAfter(lease: OwnLease): Promise<void> {
    const name = nameOf(lease);
    try {
      if (lease.closed) this.#end(lease.leaseId, "it is closed");
      else if (lease.accepted) await this.#keep(lease);
      else await this.#judge(lease);
      this.#problems.delete(name);
    } catch (error) {
      if (error instanceof RpcTransportError) throw error;
      if (!this.#problems.has(name)) this.#parts.log.error({ err: error }, `${name} could not be looked after`);
      this.#problems.set(name, `${name}: ${(error as Error).message}`);
    }
  }

  /** Accepts or declines a lease that waits for its provider, or says why it does neither. */
  async #judge(lease: OwnLease): Promise<void> {
    const { escrow, wallet, log } = this.#parts;
    if (openingIntents(lease).some((intent) => wallet.isOpen(intent))) return;
    const key = await this.#deliveryKey(lease);
    const verdict = await this.#verdict(lease, key === "malformed" ? key : key ? "known" : "missing");
    const { leaseId } = lease;
    if (verdict.action === "accept" && key && key !== "malformed") {
      await this.#openEndpoint();
      const sealed = await this.#seal(lease, key);
      if (await wallet.send(acceptIntent(escrow, lease, sealed)))
        log.info({ leaseId: `${leaseId}` }, "accepting lease");
      return;
    }
    if (verdict.action === "accept") return;
    const isNews = this.#said.get(leaseId) !== verdict.reason;
    this.#said.set(leaseId, verdict.reason);
    if (isNews)
      log.warn({ leaseId: `${leaseId}`, reason: verdict.reason, action: verdict.action }, "lease is not accepted");
    if (verdict.action === "decline") await wallet.send(declineIntent(escrow, lease));
  }

  async #verdict(lease: OwnLease, deliveryKey: ProviderState["deliveryKey"]) {
    const { config, shares, chain, nodeIndex, reads, book } = this.#parts;
    const epoch = this.#epoch();
    const taken = book.leases().filter((other) => !other.closed && (other.accepted || this.#isBeingAccepted(other)));
    let free = config.maxBytes;
    for (const other of taken) free -= await this.#bytesOf(other);
    return judgeOpening(lease, await reads.terms(lease), {
      epoch,
      isNodeActive: chain.isActive(nodeIndex, epoch),
      shares,
      bytes: { wanted: await this.#bytesOf(lease), free },
      acceptMetered: config.acceptMetered,
      deliveryKey,
    });
  }

  /** True while a transaction is under way that accepts a lease: what it promises is taken. */
  #isBeingAccepted(lease: OwnLease): boolean {
    return this.#parts.wallet.isOpen(acceptingIntent(lease));
  }

  /** Bytes that the client of a lease may store. */
  async #bytesOf(lease: OwnLease): Promise<number> {
    const { reads, config } = this.#parts;
    return lease.units * ((await reads.promisedBytes(lease)) ?? config.bytesPerUnit);
  }

  /** Looks after a lease that is active, once in each epoch and after each delivery. */
  async #keep(lease: OwnLease): Promise<void> {
    const { leaseId, client } = lease;
    const before = this.#active.get(leaseId);
    const isSame = before?.lease.client === client;
    if (before && !isSame) this.#end(leaseId, "the chain gave its number to another client");
    const delivered = lease.deliveries.length;
    const epoch = this.#epoch();
    if (isSame && before.epoch === epoch && before.lease.deliveries.length === delivered) return;
    const served = isSame ? { ...before, lease, epoch } : { lease, epoch, isServed: false, compared: "" };
    if (!(await this.#isRunning(lease, epoch))) return this.#end(leaseId, "its term or its funds are over");
    if (!served.isServed) await this.#serve(lease);
    // What is served is known as such, whatever becomes of its credential: else nothing would end it.
    const now = { ...served, isServed: true };
    this.#active.set(leaseId, now);
    this.#active.set(leaseId, { ...now, compared: await this.#compare(lease, served.compared) });
    return undefined;
  }

  async #isRunning({ leaseId }: OwnLease, epoch: bigint): Promise<boolean> {
    try {
      return epoch < (await this.#parts.reads.servedUntil(leaseId));
    } catch (error) {
      // It was closed in a block that the view does not have yet.
      if (error instanceof RpcResponseError) return false;
      throw error;
    }
  }

  async #serve(lease: OwnLease): Promise<void> {
    const { config, folders, secret, log } = this.#parts;
    const endpoint = await this.#openEndpoint();
    const quotaBytes = await this.#bytesOf(lease);
    const limits = { quotaBytes, maxFileBytes: quotaBytes, maxFiles: config.maxFiles };
    const files = await folders.open(lease, limits);
    endpoint.serve({ leaseId: lease.leaseId, clientKeyHash: secret.clientKeyHash(this.#contextOf(lease)), files });
    log.info({ leaseId: `${lease.leaseId}`, quotaBytes }, "lease is served");
  }

  /** Delivers again when what was delivered last does not fit any more; returns what it was compared with. */
  async #compare(lease: OwnLease, compared: string): Promise<string> {
    const { reads, escrow, wallet, config, log } = this.#parts;
    const { leaseId, client, deliveries } = lease;
    const last = deliveries.at(-1)?.hash;
    const key = `${await reads.deliveryKeyHash(client)}:${last}`;
    if (key === compared) return compared;
    const deliveryKey = await this.#deliveryKey(lease);
    if (!deliveryKey) return compared;
    if (deliveryKey === "malformed") {
      log.warn({ leaseId: `${leaseId}` }, "the client named a key for which no credential can be sealed");
      return key;
    }
    const sealed = await this.#seal(lease, deliveryKey);
    if (keccak256(sealed) === last) return key;
    if (deliveries.length > config.redeliveries) {
      log.warn(
        { leaseId: `${leaseId}` },
        "the credential would be delivered more often than leases.redeliveries allows",
      );
      return key;
    }
    const isSent = await wallet.send(deliverIntent(escrow, lease, sealed));
    if (isSent) log.info({ leaseId: `${leaseId}` }, "delivering the credential again: key or endpoint is another one");
    return compared;
  }

  #seal(lease: OwnLease, deliveryKey: Uint8Array): Promise<Hex> {
    const { config, secret } = this.#parts;
    const { host } = config.listen;
    const own = `${host.includes(":") ? `[${host}]` : host}:${config.listen.port}`;
    return secret.seal(this.#contextOf(lease), config.endpoint ?? own, deliveryKey);
  }

  async #deliveryKey({ client }: OwnLease): Promise<Uint8Array | "malformed" | undefined> {
    const { reads } = this.#parts;
    const hash = await reads.deliveryKeyHash(client);
    const key = hash && (await reads.deliveryKey(client, hash));
    return key && !isDeliveryKey(key) ? "malformed" : key;
  }

  #end(leaseId: bigint, reason: string): void {
    const active = this.#active.get(leaseId);
    if (!active) return;
    this.#active.delete(leaseId);
    this.#endpoint?.end(leaseId);
    this.#parts.log.info({ leaseId: `${leaseId}`, reason }, "lease is not served any more");
  }

  /** Only an agent that serves a lease listens: without one it costs nothing. */
  async #openEndpoint(): Promise<LeaseEndpoint> {
    const { secret, config, log } = this.#parts;
    try {
      const options = { key: secret.endpointKey, listen: config.listen, log };
      this.#endpoint ??= await LeaseEndpoint.open(options);
      return this.#endpoint;
    } catch (cause) {
      throw new Error(`leases.listen ${config.listen.host}:${config.listen.port} cannot be had`, { cause });
    }
  }

  async #clearFolders(): Promise<void> {
    const { folders, chain, book } = this.#parts;
    const epoch = this.#epoch();
    if (epoch === this.#clearedAt) return;
    this.#clearedAt = epoch;
    await folders.clear(
      book.leases().filter(({ closed }) => !closed),
      chain.head().timestamp,
    );
  }

  #contextOf({ leaseId, client }: OwnLease): CredentialContext {
    const { chain, escrow } = this.#parts;
    return { chainId: chain.chainId, escrow, leaseId, client };
  }

  #epoch(): bigint {
    const { chain } = this.#parts;
    return chain.epochAt(chain.head().timestamp);
  }
}

function nameOf({ leaseId }: OwnLease): string {
  return `lease ${leaseId}`;
}
