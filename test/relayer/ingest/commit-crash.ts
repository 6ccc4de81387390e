/** A relayer's ingest that kills itself with SIGKILL right after a commit, before anybody hears of it. */
import { readFileSync, writeSync } from "node:fs";
import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { Registry } from "prom-client";
import { bytesToHex } from "viem";
import { Ingest } from "../../../relayer/src/ingest/ingest.ts";
import { IngestFigures } from "../../../relayer/src/ingest/ingest-figures.ts";
import { INGEST_LIMITS } from "../../../relayer/src/ingest/ingest-limits.ts";
import { ReceiptSigner } from "../../../relayer/src/ingest/receipt-signer.ts";
import { Health } from "../../../relayer/src/service/health.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import { wireEpoch } from "../../../relayer/src/store/wire-fields.ts";
import { BEACON, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { RecordingSource } from "./ingest-rig.ts";

const [file = "", wiresFile = "", publicKeyFile = "", dieAt = ""] = process.argv.slice(2);

/** Kills this process at a commit, after it is synced and before its receipt is sent. */
class FatalFigures extends IngestFigures {
  #commits = 0;

  override onCommit(outcome: { size: number; seconds: number; failure?: string }): void {
    super.onCommit(outcome);
    if (++this.#commits === Number(dieAt)) process.kill(process.pid, "SIGKILL");
  }
}

const chain = new FixedChainView();
const domain = { chainId: chain.chainId, bridge: chain.bridge };
chain.addNode(5, readFileSync(publicKeyFile));
chain.beacons.set(BEACON, { from: 0n, until: undefined });
chain.measurements.set(MEASUREMENT, 0n);
const ingest = new Ingest({
  chain,
  store: await AttestationStore.open({ file }),
  signer: new ReceiptSigner(domain, Buffer.alloc(32, 7)),
  domain,
  figures: new FatalFigures(new Registry(), new Health()),
  log: createLogger({ name: "crash", level: "error" }),
  limits: { ...INGEST_LIMITS, commitIntervalMs: 0 },
});

const wires = readFileSync(wiresFile);
for (let at = 0; at < wires.length; at += SIGNED_ATTESTATION_BYTES) {
  const wire = wires.subarray(at, at + SIGNED_ATTESTATION_BYTES);
  chain.goTo(wireEpoch(wire), 0.1);
  const source = new RecordingSource(5);
  ingest.offer(source, wire);
  await waitUntil("the attestation has an outcome", () => source.outcomes.length > 0);
  const outcome = source.outcomes[0];
  if (outcome?.kind === "receipt") writeSync(1, `${bytesToHex(outcome.receipt.digest)}\n`);
}
