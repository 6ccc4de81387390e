import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { verifyReceiptPath } from "@pqmesh/contracts/protocol/merkle";
import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { Registry } from "prom-client";
import { type Address, bytesToHex, type Hex, recoverAddress } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { IngestFigures } from "../../../relayer/src/ingest/ingest-figures.ts";
import { INGEST_LIMITS, type IngestLimits } from "../../../relayer/src/ingest/ingest-limits.ts";
import {
  type AttestationSource,
  Ingest,
  type SignedReceipt,
  type StoredPlace,
} from "../../../relayer/src/ingest/ingest.ts";
import { ReceiptSigner } from "../../../relayer/src/ingest/receipt-signer.ts";
import type { Refusal } from "../../../relayer/src/ingest/refusal.ts";
import { Health } from "../../../relayer/src/service/health.ts";
import { createLogger, type Logger } from "../../../relayer/src/service/logger.ts";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";

const RELAYER_KEY = Buffer.alloc(32, 7);

/** Address of the relayer of every rig. */
const RIG_RELAYER: Address = privateKeyToAddress(bytesToHex(RELAYER_KEY));

/** Outcome of one attestation. */
export type Outcome =
  | { kind: "receipt"; receipt: SignedReceipt }
  | { kind: "stored"; place: StoredPlace }
  | { kind: "refused"; refusal: Refusal };

/** A session of a test: keeps every outcome in order. */
export class RecordingSource implements AttestationSource {
  readonly nodeIndex: number;
  readonly outcomes: Outcome[] = [];
  readonly holds: boolean[] = [];

  constructor(nodeIndex: number) {
    this.nodeIndex = nodeIndex;
  }

  onReceipt(receipt: SignedReceipt): void {
    this.outcomes.push({ kind: "receipt", receipt });
  }

  onStored(place: StoredPlace): void {
    this.outcomes.push({ kind: "stored", place });
  }

  onRefused(refusal: Refusal): void {
    this.outcomes.push({ kind: "refused", refusal });
  }

  hold(isHeld: boolean): void {
    this.holds.push(isHeld);
  }
}

/** How a rig differs from the default. */
export interface RigOptions {
  limits?: Partial<IngestLimits>;
  maxBytes?: number;
  lockTimeoutMs?: number;
}

/** Ingest on a real store in a temporary directory, with a chain that the test moves. */
export class IngestRig {
  readonly chain = new FixedChainView();
  readonly directory: TemporaryDirectory = temporaryDirectory();
  readonly health = new Health();
  readonly logLines: Record<string, unknown>[] = [];
  readonly log: Logger = createLogger({
    name: "test",
    level: "debug",
    destination: { write: (line: string) => void this.logLines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  readonly options: RigOptions;
  store!: AttestationStore;
  ingest!: Ingest;

  private constructor(options: RigOptions) {
    this.options = options;
  }

  /** Pairs of attestations that exclude each other, as they were found. */
  readonly forks: [held: Uint8Array, offered: Uint8Array][] = [];

  static async open(options: RigOptions = {}): Promise<IngestRig> {
    const rig = new IngestRig(options);
    await rig.#start();
    return rig;
  }

  async restart(): Promise<void> {
    await this.store.close();
    await this.#start();
  }

  async close(): Promise<void> {
    await this.store.close();
    this.directory.remove();
  }

  /** Offers one payload and waits for its outcome. */
  async offer(payload: Buffer, nodeIndex: number): Promise<Outcome> {
    const source = new RecordingSource(nodeIndex);
    this.ingest.offer(source, payload);
    await waitUntil("the attestation has an outcome", () => source.outcomes.length > 0);
    return source.outcomes[0]!;
  }

  /** Offers an attestation on a session of its own node; returns `receipt`, `stored` or the code of the refusal. */
  async send(made: Pick<MadeAttestation, "wire" | "attestation">): Promise<string> {
    return nameOf(await this.offer(made.wire, made.attestation.nodeIndex));
  }

  /** The receipt for an attestation, checked as an agent checks it. */
  async receiptFor(made: MadeAttestation): Promise<SignedReceipt> {
    const outcome = await this.offer(made.wire, made.attestation.nodeIndex);
    if (outcome.kind !== "receipt") throw new Error(`expected a receipt, got ${nameOf(outcome)}`);
    if (!(await isSoundReceipt(this.chain, outcome.receipt))) throw new Error("receipt is not sound");
    return outcome.receipt;
  }

  async #start(): Promise<void> {
    const { chain } = this;
    const { limits, maxBytes, lockTimeoutMs } = this.options;
    const domain = { chainId: chain.chainId, bridge: chain.bridge };
    this.store = await AttestationStore.open({ file: this.directory.file("attestations.db"), maxBytes, lockTimeoutMs });
    this.ingest = new Ingest({
      chain,
      store: this.store,
      signer: new ReceiptSigner(domain, RELAYER_KEY),
      domain,
      figures: new IngestFigures(new Registry(), this.health),
      log: this.log,
      limits: { ...INGEST_LIMITS, commitIntervalMs: 0, viewLagMs: 0, ...limits },
      onFork: (held, offered) => Promise.resolve(void this.forks.push([held, offered])),
    });
  }
}

/** Name of an outcome: `receipt`, `stored` or the code of the refusal. */
export function nameOf(outcome: Outcome): string {
  return outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
}

/** Checks a receipt's path and signature. */
async function isSoundReceipt(chain: FixedChainView, { epoch, digest, proof }: SignedReceipt): Promise<boolean> {
  const batch =
    "stored" in proof
      ? proof.stored
      : {
          root: proof.batch.tree.root,
          index: proof.index,
          size: proof.batch.tree.size,
          path: proof.batch.tree.path(proof.index),
          signature: proof.batch.signatureHex,
        };
  const hash = hashReceipt(
    { chainId: chain.chainId, bridge: chain.bridge },
    { epoch: BigInt(epoch), root: batch.root },
  );
  const signer = await recoverAddress({ hash, signature: batch.signature });
  return signer === RIG_RELAYER && verifyReceiptPath(batch.root, bytesToHex(digest), batch);
}

/** Root of the batch a receipt belongs to. */
export function rootOf({ proof }: SignedReceipt): Hex {
  return "stored" in proof ? proof.stored.root : proof.batch.tree.root;
}

/** A copy of a wire form with one bit turned over. */
export function flipBit(wire: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(wire);
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}

/** Decodes what a flipped wire form says; for messages of failing tests. */
export function describeWire(wire: Buffer): string {
  return JSON.stringify(decodeSignedAttestation(wire).attestation, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
