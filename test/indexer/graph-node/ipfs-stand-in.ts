import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What graph-node takes for an IPFS node; `gnd dev` reads its files from disk and only asks whether somebody is there. */
export interface IpfsStandIn {
  readonly url: string;
  stop(): Promise<void>;
}

/** Answers `POST /api/v0/version` and refuses everything else. */
export async function startIpfsStandIn(): Promise<IpfsStandIn> {
  const server = createServer((request, response) => {
    request.resume();
    const known = request.url?.startsWith("/api/v0/version") === true;
    response
      .writeHead(known ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(known ? { Version: "0.32.0" } : { Message: "not found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
