import { expect } from "chai";
import { type BookStorage, PendingBook, type PendingTransaction } from "../../../dapp/src/lib/pending-book.ts";

const DEPLOYMENT = "31337.0xregistry";

function memory(): BookStorage & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

function transaction(digit: string): PendingTransaction {
  return {
    hash: `0x${digit.repeat(64)}`,
    title: "Stake node 4",
    step: "Stake",
    hasMore: false,
    account: "0x0000000000000000000000000000000000000001",
    chainId: 31_337,
    sentAt: 1_000,
  };
}

describe("PendingBook", () => {
  it("lists what a dialog shows only once that dialog is gone", () => {
    const book = new PendingBook(memory(), DEPLOYMENT);
    book.add(transaction("a"));
    expect(book.listed()).to.deep.equal([]);
    book.release();
    expect(book.listed()).to.deep.equal([transaction("a")]);
  });

  it("lists after a reload what was sent before it, with its number and its end", () => {
    const storage = memory();
    const before = new PendingBook(storage, DEPLOYMENT);
    before.add(transaction("a"));
    before.note(transaction("a").hash, { nonce: 7 });
    const after = new PendingBook(storage, DEPLOYMENT);
    expect(after.listed()).to.deep.equal([{ ...transaction("a"), nonce: 7 }]);
    after.note(transaction("a").hash, { fate: { kind: "mined", sentence: "Mined in block 3." } });
    expect(new PendingBook(storage, DEPLOYMENT).listed()[0]?.fate?.kind).to.equal("mined");
  });

  it("does not bring back what was dismissed", () => {
    const book = new PendingBook(memory(), DEPLOYMENT);
    book.add(transaction("a"));
    book.remove(transaction("a").hash);
    book.note(transaction("a").hash, { nonce: 7 });
    book.release();
    expect(book.listed()).to.deep.equal([]);
  });

  it("keeps what another tab wrote", () => {
    const storage = memory();
    const [one, other] = [new PendingBook(storage, DEPLOYMENT), new PendingBook(storage, DEPLOYMENT)];
    one.add(transaction("a"));
    other.add(transaction("b"));
    other.release();
    expect(other.listed().map(({ hash }) => hash[2])).to.deep.equal(["a", "b"]);
    one.reload();
    expect(one.listed().map(({ hash }) => hash[2])).to.deep.equal(["b"]);
  });

  it("keeps deployments apart and the newest twenty", () => {
    const storage = memory();
    const book = new PendingBook(storage, DEPLOYMENT);
    for (let i = 0; i < 22; i++) book.add({ ...transaction("a"), hash: `0x${String(i).padStart(64, "0")}` });
    book.release();
    expect(book.listed()).to.have.length(20);
    expect(BigInt(book.listed()[0]!.hash)).to.equal(2n);
    expect(new PendingBook(storage, "31337.0xother").listed()).to.deep.equal([]);
  });

  it("survives a storage that somebody spoiled", () => {
    const storage = memory();
    for (const spoiled of ["{", "7", '[{"hash":"0x1"}]', "[null]"]) {
      storage.kept.set(`pqmesh.pending.${DEPLOYMENT}`, spoiled);
      expect(new PendingBook(storage, DEPLOYMENT).listed(), spoiled).to.deep.equal([]);
    }
  });

  it("tells its listeners", () => {
    const book = new PendingBook(memory(), DEPLOYMENT);
    let told = 0;
    const end = book.subscribe(() => (told += 1));
    book.add(transaction("a"));
    book.release();
    end();
    book.remove(transaction("a").hash);
    expect(told).to.equal(2);
  });
});
