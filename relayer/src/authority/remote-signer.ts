import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { ML_DSA_65 } from "../keystore/ml-dsa-65.ts";
import type { DerSigner } from "../pki/signed-der.ts";
import { receiveMessages, sendMessage } from "./signer-frames.ts";
import { SIGNER_ANSWER } from "./signer-server.ts";

/** Milliseconds in which a signer process must answer. */
const PATIENCE_MS = 5_000;

/** A {@link DerSigner} whose key is in another process (`pqmesh authority signer`). */
export interface RemoteSigner extends DerSigner {
  close(): void;
}

interface Connection {
  socket: Socket;
  answers: AsyncGenerator<Buffer>;
  publicKey: Uint8Array;
}

/**
 * Connects to a signer process; when the connection breaks, the next signature makes another one.
 *
 * @throws Error when nobody answers at the socket, or what answers is no signer.
 */
export async function connectSigner(socketPath: string): Promise<RemoteSigner> {
  let connection: Connection | undefined = await openConnection(socketPath);
  const { publicKey } = connection;
  let queue: Promise<unknown> = Promise.resolve();
  const drop = (): void => {
    connection?.socket.destroy();
    connection = undefined;
  };
  const ask = async (toBeSigned: Uint8Array): Promise<Buffer> => {
    connection ??= await openConnection(socketPath);
    if (!Buffer.from(publicKey).equals(connection.publicKey)) {
      drop();
      throw new Error(`the signer at ${socketPath} has another key now`);
    }
    sendMessage(connection.socket, toBeSigned);
    return nextAnswer(connection, socketPath);
  };
  /** A connection that was kept may be one of a process that is gone. */
  const signNow = async (toBeSigned: Uint8Array): Promise<Uint8Array> => {
    const wasKept = connection !== undefined;
    const answer = await ask(toBeSigned).catch((error: unknown) => {
      drop();
      if (wasKept) return ask(toBeSigned);
      throw error;
    });
    return readSignature(answer, socketPath);
  };
  return {
    publicKey,
    sign(toBeSigned) {
      const signed = queue.then(() => signNow(toBeSigned));
      queue = signed.catch(() => undefined);
      return signed;
    },
    close: drop,
  };
}

async function openConnection(socketPath: string): Promise<Connection> {
  const socket = createConnection(socketPath);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (cause) {
    socket.destroy();
    throw new Error(`no signer answers at ${socketPath}: ${(cause as Error).message}`, { cause });
  }
  socket.on("error", () => socket.destroy());
  const draft = { socket, answers: receiveMessages(socket), publicKey: new Uint8Array() };
  const publicKey = new Uint8Array(await nextAnswer(draft, socketPath));
  if (publicKey.length === ML_DSA_65.publicKeyBytes) return { ...draft, publicKey };
  socket.destroy();
  throw new Error(`${socketPath} is no signer: it does not begin with an ML-DSA-65 public key`);
}

async function nextAnswer({ socket, answers }: Connection, socketPath: string): Promise<Buffer> {
  const late = setTimeout(() => socket.destroy(), PATIENCE_MS);
  try {
    const answer = await answers.next();
    if (answer.done === true) throw new Error("it closed the connection");
    return answer.value;
  } catch (cause) {
    socket.destroy();
    throw new Error(`the signer at ${socketPath} did not answer: ${(cause as Error).message}`, { cause });
  } finally {
    clearTimeout(late);
  }
}

function readSignature(answer: Buffer, socketPath: string): Uint8Array {
  const body = answer.subarray(1);
  if (answer[0] !== SIGNER_ANSWER.signature) throw new Error(`the signer refuses: ${body.toString("utf8")}`);
  if (body.length === ML_DSA_65.signatureBytes) return new Uint8Array(body);
  throw new Error(`the signer at ${socketPath} answered ${body.length} bytes, not an ML-DSA-65 signature`);
}
