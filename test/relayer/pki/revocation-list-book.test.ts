import { expect } from "chai";
import { keccak256, toHex } from "viem";

import { RevocationListBook } from "../../../relayer/src/pki/revocation-list-book.ts";
import { TestAuthority } from "../transport/test-authority.ts";
import { TestRecords } from "./test-records.ts";

const NOW = 1_795_000_000n;

describe("RevocationListBook", () => {
  let network: TestAuthority;
  let records: TestRecords;

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(() => {
    records = new TestRecords(NOW);
    records.addAuthority(network.authority.certificate);
  });

  function open(shards?: number): RevocationListBook {
    return new RevocationListBook({
      ...{ records, url: "http://relayer.example", authorities: new Map([[1, network.authority]]) },
      certificates: [network.authority.certificate],
      ...(shards !== undefined && { shards }),
    });
  }

  it("makes shards of the configured number only", async () => {
    const book = open(4);
    await book.newest(1, { index: 3, count: 4 });
    for (const count of [1, 2, 5, 256]) expect(book.newest(1, { index: 0, count }), `${count}`).to.equal(undefined);
    expect(open().newest(1, { index: 0, count: 1 })).to.equal(undefined);
  });

  it("drops lists of an older log", async () => {
    const book = open(2);
    await Promise.all([book.newest(1), book.newest(1, { index: 0, count: 2 })]);
    expect(book.size).to.equal(2);
    records.logRoot = keccak256(toHex("grown"));
    await book.newest(1);
    expect(book.size).to.equal(1);
  });

  it("notes authorities that the newest list leaves out, until none is", async () => {
    const book = open();
    const sub = records.addAuthority(network.authority.certificate, {
      ...{ parent: 1, depth: 2, x509Hash: keccak256("0x5b"), revokedAt: NOW - 5n },
    });
    await book.newest(1);
    const { ok, notices } = book.health();
    expect(ok, "an authority below cannot make the relayer unwell").to.equal(true);
    expect(notices).to.deep.equal([
      "the revocation list of authority 1 leaves out the revoked authorities 2: no X.509 certificate of their own that it issued is at hand",
    ]);
    Object.assign(sub, { revokedAt: undefined });
    records.logRoot = keccak256(toHex("grown"));
    await book.newest(1);
    expect(book.health().notices).to.deep.equal([]);
  });
});
