import { expect } from "chai";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import { MeshCredentials, type PeerRecords } from "../../../relayer/src/transport/mesh-credentials.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { MeshPair } from "./mesh-pair.ts";
import { rawOptions, tryConnect } from "./raw-client.ts";

/** Records that refuse serial numbers from the moment that they are named. */
function refusing(serials: Set<string>): PeerRecords {
  return {
    refusal: ({ serialNumber }) =>
      serials.has(serialNumber) ? { reason: "revoked", sentence: `${serialNumber} is revoked on chain` } : undefined,
  };
}

describe("peers that records refuse", () => {
  let pair: MeshPair;
  const revoked = new Set<string>();

  beforeEach(async () => {
    revoked.clear();
    pair = await MeshPair.start();
  });

  afterEach(() => pair.server.close());

  it("are cut within seconds and not let in again; others stay", async () => {
    pair.credentials.consult(refusing(revoked));
    const session = await pair.connect();
    const other = new MeshCredentials(await pair.network.node(8));
    const otherSession = await pair.connect({}, { credentials: other });
    revoked.add(pair.node.serialNumber);
    const { reason, detail } = await session.ended;
    expect(reason).to.equal("peer-closed");
    expect(detail).to.equal("peer ended the session: the peer's certificate is revoked or on hold");
    expect(await tryConnect(rawOptions(pair.port, pair.node))).to.match(/^refused/);
    await waitUntil("counter", () => pair.server.counters.refused.revoked === 1);
    expect(otherSession.isOpen, "the other's session").to.equal(true);
    expect((await pair.connect({}, { credentials: other })).isOpen).to.equal(true);
  });

  it("are judged by who signed their certificate as well", async () => {
    const asked: string[][] = [];
    pair.credentials.consult({ refusal: (_, issuers) => void asked.push([...issuers]) });
    await pair.connect();
    expect(asked[0]).to.deep.equal([certificateHash(pair.network.authority.certificate)]);
  });

  it("are relayers too: a node leaves one and does not come back", async () => {
    const credentials = new MeshCredentials(pair.node);
    credentials.consult(refusing(revoked));
    const session = await pair.connect({}, { credentials });
    revoked.add(session.peer.serialNumber);
    expect((await session.ended).detail).to.include("the relayer's certificate is revoked");
    const refused = await pair.connect({}, { credentials }).catch((error: Error) => error);
    expect(refused).to.be.instanceOf(Error).with.property("message").that.includes("is revoked on chain");
  });
}).timeout(10_000);
