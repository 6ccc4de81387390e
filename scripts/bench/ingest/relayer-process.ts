/** The relayer under test: the real transport, ingest and store; only the chain is a fixed directory. */
import { join } from "node:path";
import { Registry } from "prom-client";
import { privateKeyToAddress } from "viem/accounts";
import { bytesToHex } from "viem";
import { INGEST_LIMITS } from "../../../relayer/src/ingest/ingest-limits.ts";
import { HeartbeatBook } from "../../../relayer/src/ingest/heartbeat-book.ts";
import { IngestFigures } from "../../../relayer/src/ingest/ingest-figures.ts";
import { Ingest } from "../../../relayer/src/ingest/ingest.ts";
import { ReceiptSigner } from "../../../relayer/src/ingest/receipt-signer.ts";
import { serveAgentSession } from "../../../relayer/src/ingest/session-gateway.ts";
import { lowerPoolPriority, sizeThreadPool } from "../../../relayer/src/ingest/thread-pool.ts";
import { mlDsa65PublicKeyRaw } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { Health } from "../../../relayer/src/service/health.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { AGENT_FRAMES, RELAYER_FRAMES } from "../../../relayer/src/session/frames.ts";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import {
  BENCH_RELAYER_KEY,
  benchNodeKey,
  epochSeconds,
  onMessage,
  processUse,
  report,
  type ToProcess,
} from "./bench-messages.ts";
import { FixedChainView } from "./fixed-chain-view.ts";

sizeThreadPool();
await lowerPoolPriority();

let chain: FixedChainView | undefined;
let figures: IngestFigures | undefined;

onMessage(async (message) => {
  if (message.kind === "prepare") await prepare(message);
  else if (message.kind === "run") chain?.startAt(message.startAtMs);
  else if (message.kind === "use") report({ kind: "use", use: processUse(), stored: figures?.accepted ?? 0 });
});

async function prepare({ load, dataDir, tls }: ToProcess & { kind: "prepare" }): Promise<void> {
  if (!tls) throw new Error("the relayer needs TLS material");
  const keys = Array.from({ length: load.sessions }, (_, i) => mlDsa65PublicKeyRaw(benchNodeKey(i)));
  chain = new FixedChainView(keys, epochSeconds(load));
  const domain = { chainId: chain.chainId, bridge: chain.bridge };
  const log = createLogger({ name: "relayer under test", level: "error" });
  const store = await AttestationStore.open({ file: join(dataDir, "attestations.db") });
  figures = new IngestFigures(new Registry(), new Health());
  const ingest = new Ingest({
    chain,
    store,
    signer: new ReceiptSigner(domain, BENCH_RELAYER_KEY),
    domain,
    figures,
    log,
    limits: INGEST_LIMITS,
  });
  const gateway = {
    chain,
    store,
    ingest,
    heartbeats: new HeartbeatBook(chain, 15_000),
    relayer: privateKeyToAddress(bytesToHex(BENCH_RELAYER_KEY)),
    log,
  };
  const server = createMeshServer({
    credentials: new MeshCredentials({
      key: tls.key,
      cert: tls.cert,
      ca: [tls.ca],
      crl: [tls.crl],
      trustDomain: "bench.pqmesh",
    }),
    frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
    limits: { maxConnections: load.sessions + 16 },
    onSession: (session) => serveAgentSession(gateway, session),
    onFault: (error) => log.error({ err: error }, "session failed"),
  });
  report({ kind: "listening", port: await server.listen(0) });
}
