import { generateKeyPairSync, sign } from "node:crypto";
import {
  type EmergencyAction,
  EMERGENCY_ACTIONS,
  emergencyOrder,
  emergencyOrderArgument,
  emergencyOrderRequest,
  type EmergencyOrderRequest,
  emergencySentence,
  isSignedByEmergencyKey,
} from "@pqmesh/contracts/protocol/emergency-order";
import {
  formatEmergencyRequest,
  formatSignedEmergency,
  parseEmergencyRequest,
  parseSignedEmergency,
} from "@pqmesh/contracts/protocol/emergency-order-file";
import { expect } from "chai";
import { bytesToHex, hexToBytes } from "viem";

const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const SUCCESSOR = {
  successor: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  successorKey: `0x${"5a".repeat(32)}`,
  successorHash: `0x${"5b".repeat(32)}`,
} as const;
const USED: Readonly<Record<EmergencyAction, object>> = {
  Revoke: { identityId: 3, serials: [2n ** 160n - 1n, 7n], reason: 1 },
  RevokeAuthority: { authorityId: 2, reason: 2 },
  AdmitAuthority: { authorityId: 2, ...SUCCESSOR },
};

const pair = generateKeyPairSync("slh-dsa-sha2-128s");
const key = bytesToHex(pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32));

function request(action: EmergencyAction, fields: object = USED[action]): EmergencyOrderRequest {
  const order = emergencyOrder(action, { nonce: 4, deadline: 1_900_000_000n, ...fields });
  return emergencyOrderRequest({ chainId: 31_337, registry: REGISTRY, key, order });
}

/** The request file of a revocation with some fields of the file and of its order changed. */
function changed(fields: object, order: object = {}): string {
  const file = JSON.parse(formatEmergencyRequest(request("Revoke"))) as { order: object };
  return JSON.stringify({ ...file, ...fields, order: { ...file.order, ...order } });
}

describe("emergency orders of an offline key", () => {
  for (const action of EMERGENCY_ACTIONS) {
    it(`reads its own request of ${action}`, () => {
      const text = formatEmergencyRequest(request(action));
      const read = parseEmergencyRequest(text);
      expect(formatEmergencyRequest(read)).to.equal(text);
      expect(read.digest).to.equal(request(action).digest);
    });
  }

  it("numbers actions as the registry does", () => {
    const numbers = EMERGENCY_ACTIONS.map((action) => emergencyOrderArgument(request(action).order).action);
    expect(numbers).to.deep.equal([8, 3, 1]);
  });

  it("knows the signature of its key, and no other", () => {
    const asked = request("Revoke");
    const signature = bytesToHex(sign(null, hexToBytes(asked.digest), pair.privateKey));
    const signed = parseSignedEmergency(formatSignedEmergency({ ...asked, signature }));
    expect(isSignedByEmergencyKey(signed), "its own").to.equal(true);
    const other = { ...signed, digest: request("RevokeAuthority").digest };
    expect(isSignedByEmergencyKey(other), "of another order").to.equal(false);
  });

  it("signs every field", () => {
    const digests = [
      request("Revoke").digest,
      request("Revoke", { ...USED.Revoke, reason: 3 }).digest,
      request("Revoke", { ...USED.Revoke, nonce: 5 }).digest,
      request("Revoke", { ...USED.Revoke, identityId: 4 }).digest,
      request("Revoke", { ...USED.Revoke, serials: [7n] }).digest,
      request("Revoke", { ...USED.Revoke, identityId: 0, authorityId: 3 }).digest,
      request("Revoke", { ...USED.Revoke, deadline: 1n }).digest,
      request("AdmitAuthority").digest,
      request("AdmitAuthority", { ...USED.AdmitAuthority, successorKey: SUCCESSOR.successorHash }).digest,
    ];
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("says in words what is ordered", () => {
    expect(emergencySentence(request("Revoke").order)).to.equal(
      "Revoke 2 certificates of operator 3 and its nodes, for ever.",
    );
    expect(emergencySentence(request("RevokeAuthority").order)).to.include("authority 2 and everything below it");
    expect(emergencySentence(request("AdmitAuthority").order)).to.include(SUCCESSOR.successor);
  });

  const REFUSED: readonly [string, string, string | RegExp][] = [
    ["another format", changed({ format: "pqmesh-root-order" }), 'format must be "pqmesh-emergency-order"'],
    ["a digest of something else", changed({}, { reason: 4 }), "digest does not belong to the other fields"],
    ["a serial number beyond 160 bits", changed({}, { serials: [String(2n ** 160n)] }), "order.serials must be"],
    ["a serial number twice in hex", changed({}, { serials: ["0x07"] }), "order.serials must be"],
    ["more certificates than fit", changed({}, { serials: Array(201).fill("7") }), "at most 200"],
    ["an order of two signers", changed({}, { authorityId: 1 }), "not both"],
    ["a revocation of nothing", changed({}, { serials: [] }), "order.serials has 0 certificates"],
    ["a successor nobody asked for", changed({}, { successor: `0x${"11".repeat(20)}` }), "are not used"],
    ["an unknown field", changed({ more: 1 }), "more is no field of such a file"],
  ];
  for (const [name, text, problem] of REFUSED) {
    it(`refuses ${name}`, () => expect(() => parseEmergencyRequest(text)).to.throw(problem));
  }
});
