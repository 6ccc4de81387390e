import type { Socket } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";

import { MeshCredentials, type MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";
import { MESH_ALPN } from "../../../relayer/src/transport/tls-policy.ts";

/** TLS options of a client that keeps the policy, does not check the server, and shows a member's certificate. */
export function rawOptions(port: number, material: MeshMaterial): ConnectionOptions {
  return {
    host: "127.0.0.1",
    port,
    ...new MeshCredentials(material).contextOptions(),
    ALPNProtocols: [MESH_ALPN],
    rejectUnauthorized: false,
  };
}

/**
 * Connects with any TLS options and says whether the server accepted: a server does so by its first frame.
 *
 * @returns `accepted`, or `refused` with the error's code when the client was told one.
 */
export function tryConnect(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(options);
    socket.once("data", () => resolve("accepted"));
    socket.once("error", (error) => resolve(`refused: ${"code" in error ? String(error.code) : error.message}`));
    socket.once("close", () => resolve("refused"));
    socket.once("data", () => socket.destroy());
  });
}

/** Connects and waits until the server has accepted; the caller owns the socket. */
export async function rawSession(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect(options);
  await new Promise<void>((resolve, reject) => {
    socket.once("data", () => resolve());
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("server closed the connection")));
  });
  socket.on("error", () => socket.destroy());
  return socket;
}

/** Waits until a socket is closed, by whatever error; what still arrives is dropped. */
export async function closed(socket: Socket): Promise<void> {
  socket.on("error", () => socket.destroy());
  if (socket.closed) return;
  await new Promise((resolve) => socket.resume().once("close", resolve));
}
