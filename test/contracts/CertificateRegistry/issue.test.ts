import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import { issue, networkWithAuthority, REASON, STATUS } from "./support/authorities.ts";

const { networkHelpers } = connection;

describe("CertificateRegistry: issuing", () => {
  it("makes a certificate good until it is revoked", async () => {
    const network = await networkHelpers.loadFixture(networkWithAuthority);
    const { certificates, carol } = network;
    const serial = await issue(network);
    expect(await certificates.statusOf(serial), "issued").to.equal(STATUS.Good);
    await certificates.connect(carol).revoke(serial, REASON.keyCompromise);
    expect(await certificates.statusOf(serial), "revoked").to.equal(STATUS.Revoked);
  });
});
