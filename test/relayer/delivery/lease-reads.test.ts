import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { expect } from "chai";
import { bytesToHex, encodeAbiParameters, encodeEventTopics, type Hex, hexToBytes, keccak256 } from "viem";
import { LeaseReads } from "../../../relayer/src/delivery/lease-reads.ts";

const ESCROW = "0x0000000000000000000000000000000000000e5c";
const CLIENT = "0x0000000000000000000000000000000000000c11";
const HEAD = 25_000n;

const key = (byte: number): Hex => bytesToHex(new Uint8Array(1_184).fill(byte));

/** A chain on which a client named its keys one after the other; counts questions for logs. */
function chainWith(keys: Hex[]) {
  const asked = { logs: 0 };
  const topics = encodeEventTopics({ abi: leaseEscrowAbi, eventName: "DeliveryKeySet", args: { client: CLIENT } });
  const request = (method: string): Promise<unknown> => {
    expect(method).to.equal("eth_getLogs");
    asked.logs += 1;
    const newest = keys.at(-1);
    const log = newest && { topics, data: encodeAbiParameters([{ type: "bytes" }], [newest]) };
    return Promise.resolve(log ? [log] : []);
  };
  const network = { contracts: { LeaseEscrow: ESCROW }, startBlock: 0 } as never;
  return { asked, reads: new LeaseReads({ request, head: () => ({ number: HEAD }) as never }, network) };
}

describe("LeaseReads", () => {
  it("looks for a delivery key once", async () => {
    const { asked, reads } = chainWith([key(1)]);
    for (let i = 0; i < 3; i++) {
      expect(await reads.deliveryKey(CLIENT, keccak256(key(1)))).to.deep.equal(hexToBytes(key(1)));
    }
    expect(asked.logs).to.equal(1);
  });

  it("looks for the next one that the client names", async () => {
    const keys = [key(1)];
    const { asked, reads } = chainWith(keys);
    await reads.deliveryKey(CLIENT, keccak256(key(1)));
    keys.push(key(2));
    expect(await reads.deliveryKey(CLIENT, keccak256(key(2)))).to.deep.equal(hexToBytes(key(2)));
    expect(await reads.deliveryKey(CLIENT, keccak256(key(1))), "known").to.deep.equal(hexToBytes(key(1)));
    expect(asked.logs).to.equal(2);
  });

  it("looks again for a key that the logs did not show yet", async () => {
    const keys: Hex[] = [];
    const { reads } = chainWith(keys);
    expect(await reads.deliveryKey(CLIENT, keccak256(key(1)))).to.equal(undefined);
    keys.push(key(2));
    expect(await reads.deliveryKey(CLIENT, keccak256(key(1))), "another one").to.equal(undefined);
    keys.push(key(1));
    expect(await reads.deliveryKey(CLIENT, keccak256(key(1)))).to.deep.equal(hexToBytes(key(1)));
  });
});
