import { chmodSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Logger } from "pino";
import type { DerSigner } from "../pki/signed-der.ts";
import { signableContent } from "./signable-content.ts";
import { receiveMessages, sendMessage } from "./signer-frames.ts";

/** First byte of a signer's answer: what follows is a signature, or the reason why there is none. */
export const SIGNER_ANSWER = { signature: 0, refusal: 1 } as const;

/** What {@link serveSigner} needs. */
export interface SignerServerOptions {
  signer: DerSigner;
  /** Path of the Unix socket; only the user of this process may connect. */
  socketPath: string;
  log: Logger;
}

/**
 * Serves an authority's key to processes of the same user: it says its public key to whoever connects, and signs leaf
 * certificates and revocation lists, nothing else.
 *
 * @returns How to stop it.
 * @throws Error when another process serves the socket.
 */
export async function serveSigner({ signer, socketPath, log }: SignerServerOptions): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
    serveClient(socket, signer, log).catch((error: unknown) => {
      log.warn({ reason: (error as Error).message }, "client of the signer cut off");
      socket.destroy();
    });
  });
  await clearAbandoned(socketPath);
  await listenPrivately(server, socketPath);
  return async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function serveClient(socket: Socket, signer: DerSigner, log: Logger): Promise<void> {
  sendMessage(socket, signer.publicKey);
  for await (const toBeSigned of receiveMessages(socket)) {
    sendMessage(socket, await answer(toBeSigned, signer, log));
  }
}

async function answer(toBeSigned: Buffer, signer: DerSigner, log: Logger): Promise<Buffer> {
  try {
    const content = signableContent(toBeSigned);
    const signature = await signer.sign(toBeSigned);
    log.info({ content, bytes: toBeSigned.length }, "signed");
    return Buffer.concat([Buffer.of(SIGNER_ANSWER.signature), signature]);
  } catch (error) {
    const reason = (error as Error).message;
    log.warn({ reason }, "not signed");
    return Buffer.concat([Buffer.of(SIGNER_ANSWER.refusal), Buffer.from(reason, "utf8")]);
  }
}

/** Removes the socket of a process that is gone. @throws Error when somebody answers there. */
async function clearAbandoned(socketPath: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const probe = createConnection(socketPath);
    probe.once("connect", () => resolve(true)).once("error", () => resolve(false));
    probe.once("connect", () => probe.destroy());
  });
  if (answers) throw new Error(`another process serves a signer at ${socketPath}`);
  rmSync(socketPath, { force: true });
}

async function listenPrivately(server: Server, socketPath: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(socketPath, resolve);
    });
  } finally {
    process.umask(before);
  }
  chmodSync(socketPath, 0o600);
}
