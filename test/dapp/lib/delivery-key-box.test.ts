import { deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { expect } from "chai";
import { DeliveryKeyBox } from "../../../dapp/src/lib/delivery-key-box.ts";

const WALLET = "0x0000000000000000000000000000000000000C11";

function memory(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text) };
}

describe("DeliveryKeyBox", () => {
  it("keeps one key for each wallet, whatever the case of its address", () => {
    const box = new DeliveryKeyBox(memory(), "1.0xa");
    box.keep(WALLET, "mine");
    expect(box.read("0x0000000000000000000000000000000000000c11")).to.equal("mine");
    expect(box.read("0x0000000000000000000000000000000000000c12")).to.equal(undefined);
  });

  it("tells deployments apart", () => {
    const storage = memory();
    new DeliveryKeyBox(storage, "1.0xa").keep(WALLET, "mine");
    expect(new DeliveryKeyBox(storage, "1.0xb").read(WALLET)).to.equal(undefined);
  });

  it("says so when the browser keeps nothing", () => {
    const refuse = (): never => {
      throw new Error("QuotaExceededError");
    };
    const box = new DeliveryKeyBox({ getItem: refuse, setItem: refuse }, "1.0xa");
    expect(box.read(WALLET)).to.equal(undefined);
    expect(() => box.keep(WALLET, "mine")).to.throw("does not let the page keep a key");
  });

  describe("load", () => {
    const [held, other] = [formatDeliveryKey(deliveryKey()), formatDeliveryKey(deliveryKey())];

    it("takes the first key, and the same one again", () => {
      const box = new DeliveryKeyBox(memory(), "1.0xa");
      expect(box.load(WALLET, held, false)).to.equal(true);
      expect(box.load(WALLET, held, false)).to.equal(true);
    });

    it("leaves another key alone until it is told to replace it", () => {
      const box = new DeliveryKeyBox(memory(), "1.0xa");
      box.keep(WALLET, held);
      expect(box.load(WALLET, other, false)).to.equal(false);
      expect(box.read(WALLET)).to.equal(held);
      expect(box.load(WALLET, other, true)).to.equal(true);
      expect(box.read(WALLET)).to.equal(other);
    });

    it("takes a key in place of one that was damaged", () => {
      const box = new DeliveryKeyBox(memory(), "1.0xa");
      box.keep(WALLET, "damaged");
      expect(box.load(WALLET, other, false)).to.equal(true);
    });

    it("refuses a file that is none", () => {
      const box = new DeliveryKeyBox(memory(), "1.0xa");
      box.keep(WALLET, held);
      expect(() => box.load(WALLET, "{}", true)).to.throw();
      expect(box.read(WALLET)).to.equal(held);
    });
  });
});
