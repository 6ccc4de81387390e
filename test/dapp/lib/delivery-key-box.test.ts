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
});
