import { generateKeyPairSync, sign } from "node:crypto";
import {
  formatRootOrderRequest,
  formatSignedRootOrder,
  parseRootOrderRequest,
  parseSignedRootOrder,
} from "@pqmesh/contracts/protocol/root-order-file";
import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import {
  hashRootOrder,
  isSignedByRootKey,
  ROOT_OPERATIONS,
  type RootOperation,
  rootOrder,
  rootOrderRequest,
  type RootOrderRequest,
} from "@pqmesh/contracts/protocol/root-order";
import { expect } from "chai";
import { bytesToHex, hexToBytes, maxUint256, zeroAddress } from "viem";
import { rootOrderVectors } from "./support/vectors.ts";

const RECIPIENT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const USED: Readonly<Record<RootOperation, object>> = {
  Lock: {},
  Unlock: {},
  Unbond: { nodeIndex: 3, amount: 10n ** 18n },
  Withdraw: { nodeIndex: 3, amount: 10n ** 18n, recipient: RECIPIENT },
  ExitNode: { nodeIndex: 3 },
  ProposeOwner: { recipient: RECIPIENT },
  ProposeBeneficiary: { recipient: RECIPIENT },
  CancelChanges: {},
  ChangeRootKey: { newRootKey: `0x${"5a".repeat(32)}` },
};

const pair = generateKeyPairSync("slh-dsa-sha2-128s");
const rootKey = bytesToHex(pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32));

function request(operation: RootOperation, fields: object = USED[operation]): RootOrderRequest {
  const order = rootOrder(operation, { identityId: 1, deadline: 1_900_000_000n, ...fields });
  return rootOrderRequest({ chainId: 31_337, registry: REGISTRY, rootKey, nonce: 4, order });
}

/** The request file of an unbonding with some fields of the file and of its order changed. */
function changed(fields: object, order: object = {}): string {
  const file = JSON.parse(formatRootOrderRequest(request("Unbond"))) as { order: object };
  return JSON.stringify({ ...file, ...fields, order: { ...file.order, ...order } });
}

describe("orders of a root key", () => {
  for (const { name, domain, order, nonce, digest } of rootOrderVectors()) {
    it(`hashes ${name} on chain ${domain.chainId}`, () => {
      expect(hashRootOrder(domain, order, nonce)).to.equal(digest);
    });
  }

  for (const operation of ROOT_OPERATIONS) {
    it(`reads its own request of ${operation}`, () => {
      const written = request(operation);
      const text = formatRootOrderRequest(written);
      const parsed = parseRootOrderRequest(text);
      expect(formatRootOrderRequest(parsed), "written again").to.equal(text);
      expect(parsed.digest, "digest").to.equal(written.digest);
      expect(parsed.order.operation, "operation").to.equal(operation);
    });
  }

  it("says in plain words what is bound", () => {
    const words: [RootOperation, object, string[]][] = [
      ["Lock", {}, ["Lock identity 1", "cancelled"]],
      ["Unbond", USED.Unbond, ["1 MESH", "node 3"]],
      ["Unbond", { nodeIndex: 3, amount: maxUint256 }, ["the whole stake", "node 3"]],
      ["Withdraw", USED.Withdraw, ["1 MESH", "node 3", RECIPIENT]],
      ["ProposeOwner", USED.ProposeOwner, [RECIPIENT]],
      ["ProposeBeneficiary", USED.ProposeBeneficiary, [RECIPIENT]],
      ["ChangeRootKey", USED.ChangeRootKey, [`0x${"5a".repeat(32)}`]],
    ];
    for (const [operation, fields, parts] of words) {
      const sentence = rootOrderSentence(request(operation, fields).order);
      for (const part of parts) expect(sentence, operation).to.include(part);
    }
  });

  it("makes no request whose fields do not fit the operation", () => {
    expect(() => request("Lock", { amount: 1n })).to.throw("order.amount is not empty, Lock uses none");
    expect(() => request("Unlock", { nodeIndex: 1 })).to.throw("order.nodeIndex is not empty");
    expect(() => request("Unbond", { nodeIndex: 1 })).to.throw("order.amount is empty, Unbond needs one");
    expect(() => request("ProposeOwner", { recipient: zeroAddress })).to.throw("order.recipient is empty");
    expect(() => request("ChangeRootKey", {})).to.throw("order.newRootKey is empty");
  });

  it("reads no file with a wrong field", () => {
    const wrong: [string, string][] = [
      ["{", "is not JSON"],
      ["[]", "one JSON object"],
      [changed({ format: "pqmesh-key-rotation" }), 'format must be "pqmesh-root-order"'],
      [changed({ version: 2 }), "version must be 1"],
      [changed({ chainId: 0 }), "chainId must be a whole number"],
      [changed({ registry: REGISTRY }), "registry must be 20 bytes in lower-case hex"],
      [changed({ rootKey: "0x12" }), "rootKey must be 32 bytes"],
      [changed({ nonce: 1.5 }), "nonce must be a whole number from 0 to 4294967295"],
      [changed({ note: "hi" }), "note is no field"],
      [changed({ signature: `0x${"00".repeat(7_856)}` }), "signature is no field"],
      [changed({}, { operation: "Burn" }), "order.operation must be Lock, Unlock"],
      [changed({}, { operation: "toString" }), "order.operation must be"],
      [changed({}, { identityId: 0 }), "order.identityId must be a whole number from 1"],
      [changed({}, { amount: 1 }), "order.amount must be a uint256 as decimal text"],
      [changed({}, { amount: "01" }), "order.amount must be"],
      [changed({}, { amount: String(2n ** 256n) }), "order.amount must be"],
      [changed({}, { amount: "0" }), "order.amount is empty"],
      [changed({}, { newRootKey: `0x${"11".repeat(32)}` }), "order.newRootKey is not empty"],
      [changed({}, { deadline: undefined }), "order.deadline is missing"],
      [changed({}, { nodeIndex: 4 }), "digest does not belong"],
      [changed({ nonce: 5 }), "digest does not belong"],
      [changed({ chainId: 1 }), "digest does not belong"],
      [" ".repeat(70_000), "70000 characters"],
    ];
    for (const [text, sentence] of wrong) expect(() => parseRootOrderRequest(text), sentence).to.throw(sentence);
  });

  it("carries a signature that only this root key can make", () => {
    const unsigned = request("Withdraw");
    const signature = bytesToHex(sign(null, hexToBytes(unsigned.digest), pair.privateKey));
    const signed = parseSignedRootOrder(formatSignedRootOrder({ ...unsigned, signature }));
    expect(isSignedByRootKey(signed), "right").to.equal(true);
    const flipped = hexToBytes(signature);
    flipped[5_000]! ^= 1;
    expect(isSignedByRootKey({ ...signed, signature: bytesToHex(flipped) }), "flipped bit").to.equal(false);
    expect(isSignedByRootKey({ ...signed, digest: request("Lock").digest }), "another order").to.equal(false);
    expect(() => parseSignedRootOrder(formatRootOrderRequest(unsigned))).to.throw("signature is missing");
    expect(() => parseSignedRootOrder(formatSignedRootOrder({ ...unsigned, signature: "0x00" }))).to.throw(
      "7856 bytes",
    );
  });
});
