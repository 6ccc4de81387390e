import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { connect } from "node:tls";

import type { MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";
import { rawOptions } from "./raw-client.ts";

/** Records the first message that a well-behaved client sends. */
export async function clientHelloBytes(material: MeshMaterial): Promise<Buffer> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = connect(rawOptions((server.address() as AddressInfo).port, material));
  client.on("error", () => client.destroy());
  const [socket] = (await once(server, "connection")) as [Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}
