import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";

/** Key, certificate and authorities in PEM. */
export interface StockMember {
  key: string;
  cert: string;
  ca: readonly string[];
}

/** Nothing of this project: Node's own TLS server, given authorities and revocation lists. */
export async function stockServer(member: StockMember, crl: string[], rejectUnauthorized = false): Promise<Server> {
  const { key, cert, ca } = member;
  const server = createServer({ key, cert, ca: [...ca], crl, requestCert: true, rejectUnauthorized });
  server.on("secureConnection", (socket: TLSSocket) => {
    const refusal = socket.authorizationError as unknown as string | undefined;
    socket.end(socket.authorized ? "accepted" : String(refusal));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** What a stock client with this material is told. */
export async function stockAnswer(server: Server, { key, cert, ca }: StockMember): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", key, cert, ca: [...ca] });
  socket.setEncoding("utf8");
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (data: string) => (text += data));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(`refused: ${error.code}`));
    socket.on("close", () => resolve(text || "refused"));
  });
}
