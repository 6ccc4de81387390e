import { connect } from "node:tls";

import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import { MESH_ALPN } from "../../../relayer/src/transport/tls-policy.ts";
import { TestAuthority } from "./test-authority.ts";

/** Child process of the negotiation test: OpenSSL writes what it sees of one handshake to standard error. */
const network = await TestAuthority.create();
const server = createMeshServer({
  credentials: new MeshCredentials(await network.relayer()),
  frames: {},
  onSession: () => ({ onFrame: () => undefined }),
});
const port = await server.listen(0);
const options = new MeshCredentials(await network.node(7)).contextOptions();
const socket = connect({ ...options, host: "127.0.0.1", port, ALPNProtocols: [MESH_ALPN], enableTrace: true });
socket.once("data", () => {
  socket.destroy();
  void server.close();
});
