import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { rootOrder, rootOrderRequest } from "@pqmesh/contracts/protocol/root-order";
import { formatSignedRootOrder } from "@pqmesh/contracts/protocol/root-order-file";
import { expect } from "chai";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { type OrderFrame, readSignedOrder } from "../../../dapp/src/lib/signed-order.ts";

const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const DEADLINE = 1_800_000_000n;

describe("readSignedOrder", () => {
  let rootKey: Hex;
  let text: string;
  let frame: OrderFrame;

  before(() => {
    const pair = generateKeyPairSync("slh-dsa-sha2-128s");
    rootKey = publicKeyOf(pair.publicKey);
    text = fileOf({ rootKey, privateKey: pair.privateKey });
    const config = { chainId: 31_337, contracts: { NodeRegistry: REGISTRY } } as unknown as NetworkConfig;
    frame = { config, identityId: 3, rootKey, nonce: 5, now: Number(DEADLINE) };
  });

  const problem = (file: string, changes: Partial<OrderFrame> = {}): string => {
    const reading = readSignedOrder(file, { ...frame, ...changes });
    return "problem" in reading ? reading.problem : "none";
  };

  it("takes an order that OpenSSL signed, until its deadline", () => {
    expect(problem(text)).to.equal("none");
    expect(problem(text, { now: Number(DEADLINE) + 1 })).to.include("The order was valid until");
  });

  it("names another chain, registry, operator or root key", () => {
    const config = { ...frame.config, chainId: 1 };
    expect(problem(text, { config })).to.equal("The order is for chain 31337; this network is chain 1.");
    const contracts = {
      ...frame.config.contracts,
      NodeRegistry: "0x0000000000000000000000000000000000000001" as const,
    };
    expect(problem(text, { config: { ...frame.config, contracts } })).to.include("The order is for the registry");
    expect(problem(text, { identityId: 4 })).to.equal("The order is for operator 3; you are operator 4.");
    expect(problem(text, { rootKey: `0x${"11".repeat(32)}` })).to.include("is not the one in force");
  });

  it("tells an order that is done from one that comes too early", () => {
    expect(problem(text, { nonce: 6 })).to.include("it was executed already");
    expect(problem(text, { nonce: 4 })).to.include("send the orders before it first");
  });

  it("refuses another key's signature and files that are none", () => {
    const { privateKey } = generateKeyPairSync("slh-dsa-sha2-128s");
    expect(problem(fileOf({ rootKey, privateKey }))).to.include("The signature does not verify");
    expect(problem("{}")).to.equal("This is not a signature file: format is missing.");
    expect(problem("no json")).to.include("not JSON");
  });

  function fileOf(key: { rootKey: Hex; privateKey: KeyObject }): string {
    const order = rootOrder("Lock", { identityId: 3, deadline: DEADLINE });
    const request = rootOrderRequest({ chainId: 31_337, registry: REGISTRY, rootKey: key.rootKey, nonce: 5, order });
    const signature = bytesToHex(sign(null, hexToBytes(request.digest), key.privateKey));
    return formatSignedRootOrder({ ...request, signature });
  }
});

/** PK.seed ‖ PK.root: the last 32 bytes of the SPKI. */
function publicKeyOf(key: KeyObject): Hex {
  return bytesToHex(key.export({ format: "der", type: "spki" }).subarray(-32));
}
