import fastify, { type FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import { bytesToHex } from "viem";
import type { EpochDriver } from "./epoch-driver.ts";

/** What a relayer that lies serves in place of the truth. */
export type Lie = "signature" | "statement" | "report" | undefined;

/** Serves the read API over really signed attestations, and lies where a test wants it to. */
export class FixtureRelayer {
  lie: Lie;
  readonly #server: FastifyInstance;
  readonly #driver: EpochDriver;
  readonly #lastSeenMs = new Map<number, number>();

  private constructor(server: FastifyInstance, driver: EpochDriver) {
    this.#server = server;
    this.#driver = driver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** Starts on a free port. */
  static async listen(driver: EpochDriver): Promise<FixtureRelayer> {
    const server = fastify({ forceCloseConnections: true });
    const relayer = new FixtureRelayer(server, driver);
    server.addHook("onRequest", (_request, reply, done) => {
      reply.header("access-control-allow-origin", "*");
      done();
    });
    server.get("/v1/nodes", async () => ({ nodes: await relayer.#liveNodes(), next: null }));
    server.get<{ Params: { index: string } }>("/v1/nodes/:index/attestations", ({ params }) => {
      return relayer.#attestations(Number(params.index));
    });
    server.get<{ Params: { epoch: string; index: string } }>("/v1/attestations/:epoch/:index", ({ params }, reply) => {
      const found = relayer.#claim(Number(params.epoch), Number(params.index));
      if (found) return reply.type("application/json").send(toJson(found));
      const detail = `no attestation of node ${params.index} for epoch ${params.epoch} is held here`;
      return reply.code(404).send({ type: "not-found", title: "Not found", status: 404, detail });
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    return relayer;
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }

  async #liveNodes(): Promise<object[]> {
    const { timestamp } = await this.#driver.network.chain.head();
    return this.#driver.nodes.map(({ nodeIndex }) => {
      const isSilent = this.#driver.silent.has(nodeIndex);
      if (!isSilent) this.#lastSeenMs.set(nodeIndex, timestamp * 1_000);
      return {
        nodeIndex,
        state: isSilent ? "silent" : "live",
        lastSeenMs: this.#lastSeenMs.get(nodeIndex) ?? null,
        heartbeatRatioBp: isSilent ? 0 : 9_900,
        latencyMicros: 700 + 90 * nodeIndex,
        cpuLoadBp: 900 + 130 * nodeIndex,
        memoryUsedBp: 3_400,
        storageUsedBp: 5_600,
      };
    });
  }

  #attestations(nodeIndex: number): object {
    const attestations = [...this.#driver.epochs]
      .flatMap(([epoch, { attestations: made }]) => {
        const own = made.get(nodeIndex);
        return own
          ? [
              {
                epoch: String(epoch),
                nodeIndex,
                sequence: String(own.attestation.sequence),
                digest: own.digest,
                isLeaf: true,
              },
            ]
          : [];
      })
      .reverse()
      .slice(0, 50);
    return { attestations, nextBefore: null };
  }

  #claim(epoch: number, nodeIndex: number): object | undefined {
    const driven = this.#driver.epochs.get(epoch);
    const made = driven?.attestations.get(nodeIndex);
    if (!driven || !made) return undefined;
    const signature = made.signature.slice();
    if (this.lie === "signature") signature[17]! ^= 1;
    return {
      attestation: this.lie === "statement" ? { ...made.attestation, cpuLoadBp: 1 } : made.attestation,
      digest: made.digest,
      signature: bytesToHex(signature),
      publicKey: bytesToHex(this.#driver.nodes[nodeIndex]!.publicKey),
      leafIndex: nodeIndex,
      proof: driven.tree.proof(nodeIndex),
      report: this.lie === "report" ? { ...driven.report, quality: "0xff" } : driven.report,
      root: driven.report.root,
      signers: driven.signers,
    };
  }
}

function toJson(value: object): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
