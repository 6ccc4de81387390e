import { expect } from "chai";
import { AddressBook, addressGroup } from "../../../relayer/src/transport/address-book.ts";
import { type Handshake, HandshakeSlots } from "../../../relayer/src/transport/handshake-slots.ts";
import { ACCEPT_LIMITS } from "../../../relayer/src/transport/transport-limits.ts";

const LIMITS = { ...ACCEPT_LIMITS, maxHandshakes: 8, maxHandshakesPerAddress: 3, reservedHandshakes: 2 };

function from(group: string, bytesRead = 0): Handshake {
  return { group, raw: { bytesRead } };
}

/** Fills the slots of strangers: two handshakes of each address. */
function filled(slots: HandshakeSlots<Handshake>, bytesRead: number): Handshake[] {
  const taken = ["a", "a", "b", "b", "c", "c"].map((group) => from(group, bytesRead));
  for (const handshake of taken) expect(slots.take(handshake), "a free slot").to.equal(undefined);
  return taken;
}

describe("HandshakeSlots", () => {
  it("cuts the oldest that has sent nothing when all slots are taken", () => {
    const slots = new HandshakeSlots(LIMITS);
    const taken = filled(slots, 0);
    taken[0]!.raw = { bytesRead: 1 };
    expect(slots.take(from("d"))).to.equal(taken[1]);
  });

  it("cuts the oldest of the address with the most when all have sent something", () => {
    const slots = new HandshakeSlots(LIMITS);
    const taken = filled(slots, 1);
    expect(slots.take(from("d", 1)), "a newcomer").to.equal(taken[0]);
    const another = from("c", 1);
    expect(slots.take(another), "one more of an address that has the most").to.equal(another);
  });

  it("bounds the handshakes of one address", () => {
    const slots = new HandshakeSlots(LIMITS);
    const busy = [from("a", 1), from("a", 1), from("a", 1)];
    for (const handshake of busy) slots.take(handshake);
    const fourth = from("a", 1);
    expect(slots.take(fourth), "all have sent something").to.equal(fourth);
    busy[1]!.raw = { bytesRead: 0 };
    expect(slots.take(from("a", 1)), "one has sent nothing").to.equal(busy[1]);
  });

  it("keeps slots for addresses from which a peer was verified lately", () => {
    const clock = { now: 0 };
    const slots = new HandshakeSlots(LIMITS, new AddressBook(() => clock.now));
    const peer = from("peer");
    slots.take(peer);
    slots.noteVerified(peer);
    slots.release(peer);
    filled(slots, 1);
    const known = [from("peer"), from("peer")];
    for (const handshake of known) expect(slots.take(handshake), "a reserved slot").to.equal(undefined);
    expect(slots.take(from("d", 1)), "a stranger displaces strangers only").to.include({ group: "a" });
    clock.now = 3_600_000;
    expect(slots.take(from("e", 1)), "after an hour").to.equal(known[0]);
  });
});

describe("addressGroup", () => {
  it("takes IPv4 addresses one by one", () => {
    expect(addressGroup("192.0.2.1")).to.equal("192.0.2.1");
    expect(addressGroup("::ffff:192.0.2.1"), "mapped").to.equal("192.0.2.1");
  });

  it("takes IPv6 addresses by their /64 network", () => {
    const network = "2001:db8:1:2::/64";
    for (const address of [
      "2001:db8:1:2::1",
      "2001:db8:1:2:3:4:5:6",
      "2001:0DB8:0001:0002::ffff",
      "2001:db8:1:2::1%3",
    ]) {
      expect(addressGroup(address), address).to.equal(network);
    }
    expect(addressGroup("2001:db8:1:3::1"), "another network").to.not.equal(network);
    expect(addressGroup("::1"), "loopback").to.equal("0:0:0:0::/64");
  });
});
