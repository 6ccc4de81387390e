import { readFileSync, writeFileSync } from "node:fs";
import {
  formatSignedRootOrder,
  parseRootOrderRequest,
  parseSignedRootOrder,
} from "@pqmesh/contracts/protocol/root-order-file";
import { expect } from "chai";
import { bytesToHex, hexToBytes, maxUint256, parseEther, zeroHash } from "viem";
import { openKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { signWithRootKey } from "../../../relayer/src/keystore/root-key.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { freshPublicKeys } from "../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./support/cli-network.ts";
import { PASSWORD } from "./support/run-pqmesh.ts";

const OWNER = testAccount(0).address;
const NEXT_OWNER = testAccount(6).address;
const PAID = testAccount(7).address;
const UNBONDING = 120;
const CHANGE_DELAY = 30;
const YEAR = 365 * 86_400;

interface Refusal {
  error: string;
  exitCode: number;
}

describe("pqmesh lock and root-order", function () {
  this.timeout(120_000);
  let network: CliNetwork;
  let rootKey: string;
  let orders = 0;

  const path = (name: string): string => network.file(name);
  const refusal = async (...args: string[]): Promise<Refusal> => {
    const { json, status } = await network.run(...args);
    expect(status, "exit code").to.equal(json<Refusal>().exitCode);
    return json();
  };
  const byWallet = (wallet: string, ...args: string[]): string[] => [...args, "--wallet", path(wallet), "--yes"];
  /** Prepares an order by the program and signs it here, as the program does; returns the signed file. */
  const signed = async (keystore: string, ...prepare: string[]): Promise<string> => {
    const [file, out] = [path(`order-${(orders += 1)}.json`), path(`signed-${orders}.json`)];
    await network.ok(...prepare, "--out", file);
    const request = parseRootOrderRequest(readFileSync(file, "utf8"));
    const key = await openKeystore(path(keystore), PASSWORD);
    const signature = bytesToHex(signWithRootKey(key, hexToBytes(request.digest)));
    writeFileSync(out, formatSignedRootOrder({ ...request, signature }));
    return out;
  };
  /** Prepares, signs and lets a stranger send an order. */
  const order = async (...prepare: string[]): Promise<Outcome> => {
    const file = await signed("root.json", ...prepare);
    return network.ok(...byWallet("stranger.json", "root-order", "submit", "--signed", file));
  };
  const names = ({ events }: Outcome): string[] => events.map(({ name }) => name);
  const lock = () => network.ok<Record<string, unknown>>("lock", "show", "1");

  before(async () => {
    network = await startCliNetwork();
    await network.keystore("stranger.json", "secp256k1", "wallet", testAccount(8).getHdKey().privateKey!);
    await network.keystore("next.json", "secp256k1", "wallet", testAccount(6).getHdKey().privateKey!);
    rootKey = await network.keystore("root.json", "slh-dsa-sha2-128s", "root");
    writeFileSync(path("root.pub"), `${rootKey}\n`);
    const second = await network.keystore("second-root.json", "slh-dsa-sha2-128s", "root");
    writeFileSync(path("second-root.pub"), `${second}\n`);
    const { NodeStaking } = network.config.contracts;
    await network.call("NodeRegistry", "registerOperator", [OWNER, PAID, rootKey]);
    await network.call("NodeRegistry", "registerNode", [bytesToHex(freshPublicKeys(1)[0]!), zeroHash]);
    await network.call("MeshToken", "approve", [NodeStaking, maxUint256]);
    await network.call("NodeStaking", "stake", [0, parseEther("20000")]);
  });
  after(() => network.stop());

  it("checks a backup of the root key before anything depends on it", async () => {
    const right = await network.ok("key", "check", path("root.json"), "--public", path("root.pub"));
    expect(right).to.deep.include({ purpose: "root", publicKey: rootKey, works: true });
    const other = await refusal("key", "check", path("root.json"), "--public", path("second-root.pub"));
    expect(other.error).to.include("holds another key").and.include(rootKey);
    expect(other.exitCode, "exit code").to.equal(3);
    writeFileSync(path("wrong.password"), "not the password", { mode: 0o600 });
    const wrong = await refusal("key", "check", path("root.json"), "--password-file", path("wrong.password"));
    expect(wrong.error).to.include("the password is wrong");
  });

  it("shows an operator that is not locked", async () => {
    expect(await lock()).to.deep.equal({
      ...{ identityId: 1, locked: false, nonce: 0, rootKey, unlockAt: "0", unlockAtIso: null },
    });
    const early = await refusal("lock", "release", "1", "--out", path("never.json"));
    expect(early.error).to.include("identity 1 is not quantum-locked");
  });

  it("says what would be signed and signs nothing without --yes", async () => {
    const prepared = await network.ok<Record<string, unknown>>("lock", "set", "1", "--out", path("lock.json"));
    expect(prepared).to.deep.include({ operation: "Lock", identityId: 1, nonce: 0, rootKey, chainId: 31_337 });
    const sign = ["key", "sign", "--request", path("lock.json"), "--keystore", path("root.json"), "--out"];
    const shown = await network.ok<Record<string, unknown>>(...sign, path("lock-signed.json"), "--dry-run");
    expect(shown).to.deep.include({ signed: false, file: null, digest: prepared.digest });
    expect(String(shown.sentence)).to.include("Lock identity 1");
    expect(() => readFileSync(path("lock-signed.json"))).to.throw("ENOENT");
    const other = await refusal(...sign.with(5, path("second-root.json")), path("lock-signed.json"), "--yes");
    expect(other.error).to.include("is not the root key of identity 1");
    const wallet = await refusal(...sign.with(5, path("owner.json")), path("lock-signed.json"), "--yes");
    expect(wallet.error).to.include("not a root key");
  });

  it("signs offline what the file says, and no changed file", async () => {
    const request = JSON.parse(readFileSync(path("lock.json"), "utf8")) as Record<string, object>;
    writeFileSync(path("changed.json"), JSON.stringify({ ...request, order: { ...request.order, identityId: 2 } }));
    const offline = ["--keystore", path("root.json"), "--out", path("lock-signed.json"), "--yes"];
    const changed = await refusal("key", "sign", "--request", path("changed.json"), ...offline);
    expect(changed.error).to.include("is no such order: digest does not belong to the other fields");
    writeFileSync(path("network.json.moved"), readFileSync(path("network.json")));
    writeFileSync(path("network.json"), "{}");
    await network.ok("key", "sign", "--request", path("lock.json"), ...offline);
    writeFileSync(path("network.json"), readFileSync(path("network.json.moved")));
    expect(parseSignedRootOrder(readFileSync(path("lock-signed.json"), "utf8")).order.operation).to.equal("Lock");
  });

  it("refuses to send a file that was changed after signing", async () => {
    const file = readFileSync(path("lock-signed.json"), "utf8");
    const flipped = file.replace(/("signature": "0x.{100})(.)/, (_, head: string, digit: string) => {
      return `${head}${digit === "0" ? "1" : "0"}`;
    });
    writeFileSync(path("flipped.json"), flipped);
    const submit = ["root-order", "submit", "--signed", path("flipped.json")];
    const { error, exitCode } = await refusal(...byWallet("stranger.json", ...submit));
    expect(error).to.include("the root key did not sign this order");
    expect(exitCode, "exit code").to.equal(3);
  });

  it("locks, sent by a stranger, after a dry run", async () => {
    const submit = ["root-order", "submit", "--signed", path("lock-signed.json"), "--wallet", path("stranger.json")];
    expect(await network.ok(...submit, "--dry-run")).to.deep.include({ dryRun: true, transaction: null });
    const sent = await network.ok<Outcome>(...submit, "--yes");
    expect(names(sent)).to.deep.equal(["RootOrderExecuted", "PendingChangesCancelled", "QuantumLockSet"]);
    expect(await lock()).to.deep.include({ locked: true, nonce: 1 });
    const again = await refusal(...submit, "--yes");
    expect(again.error).to.include("signed as number 0 of identity 1, the next one is 1");
    expect(again.exitCode, "exit code").to.equal(3);
  });

  it("takes from the owner's wallet what the lock takes", async () => {
    for (const args of [
      ["stake", "unbond", "0", "500"],
      ["operator", "exit-node", "0"],
      ["operator", "propose-owner", "1", NEXT_OWNER],
      ["operator", "propose-beneficiary", "1", NEXT_OWNER],
    ]) {
      const { error } = await refusal(...byWallet("owner.json", ...args));
      expect(error, args.join(" ")).to.include("identity 1 is quantum-locked: only its root key can do this");
    }
  });

  it("unbonds and withdraws by orders", async () => {
    const unbond = await order("root-order", "prepare", "unbond", "0", "500");
    expect(names(unbond)).to.include.members(["RootOrderExecuted", "UnbondRequested"]);
    expect(unbond.sentence).to.include("unbond 500 MESH of node 0");
    const early = await signed("root.json", "root-order", "prepare", "withdraw", "0", "500");
    const refused = await refusal(...byWallet("stranger.json", "root-order", "submit", "--signed", early));
    expect(refused.error).to.include("NodeStaking_NothingMatured");
    await network.pass(UNBONDING);
    const paid = await network.ok<Outcome>(...byWallet("stranger.json", "root-order", "submit", "--signed", early));
    expect(paid.sentence).to.include("500 MESH").and.include(PAID);
  });

  it("numbers an order that waits for another", async () => {
    const [first, second] = await Promise.all([
      signed("root.json", "root-order", "prepare", "beneficiary", "1", OWNER),
      network.ok<{ nonce: number }>("lock", "show", "1").then(({ nonce }) => {
        const waits = ["--nonce", String(nonce + 1)];
        return signed("root.json", "root-order", "prepare", "cancel-changes", "1", ...waits);
      }),
    ]);
    const early = await refusal(...byWallet("stranger.json", "root-order", "submit", "--signed", second));
    expect(early.error).to.include("the next one is");
    for (const file of [first, second]) {
      await network.ok(...byWallet("stranger.json", "root-order", "submit", "--signed", file));
    }
    const { pending } = await network.ok<{ pending: { beneficiary: unknown } }>("operator", "show", "1");
    expect(pending.beneficiary, "cancelled").to.equal(null);
    const past = await refusal("lock", "set", "1", "--nonce", "0", "--out", path("never.json"));
    expect(past.error).to.include("--nonce is 0, the next order of identity 1 is");
  });

  it("hands over to another root key", async () => {
    const second = readFileSync(path("second-root.pub"), "utf8").trim();
    const pending = await signed("root.json", "root-order", "prepare", "exit-node", "0");
    const changed = await order("root-order", "prepare", "root-key", "1", second);
    expect(names(changed)).to.include("RootKeyChanged");
    const old = await refusal(...byWallet("stranger.json", "root-order", "submit", "--signed", pending));
    expect(old.exitCode, "signed by the old key").to.equal(3);
    const back = await signed("second-root.json", "root-order", "prepare", "root-key", "1", rootKey);
    await network.ok(...byWallet("stranger.json", "root-order", "submit", "--signed", back));
    expect(await lock()).to.deep.include({ rootKey });
  });

  it("refuses a signature whose time has passed", async () => {
    const late = await signed("root.json", "root-order", "prepare", "exit-node", "0", "--valid-hours", "1");
    await network.pass(2 * 3_600);
    const { error, exitCode } = await refusal(...byWallet("stranger.json", "root-order", "submit", "--signed", late));
    expect(error).to.include("the signature was valid until");
    expect(exitCode, "exit code").to.equal(3);
    const tooLong = await refusal("lock", "set", "1", "--valid-hours", "8761", "--out", path("never.json"));
    expect(tooLong).to.deep.include({
      exitCode: 2,
      error: '--valid-hours is "8761", it must be a whole number from 1 to 8760',
    });
  });

  it("hands the identity to another owner, still locked", async () => {
    await order("root-order", "prepare", "owner", "1", NEXT_OWNER);
    await network.pass(CHANGE_DELAY);
    await network.ok(...byWallet("next.json", "operator", "accept-owner", "1"));
    expect(await network.ok("operator", "show", "1")).to.deep.include({ owner: NEXT_OWNER });
    expect(await lock()).to.deep.include({ locked: true });
  });

  it("unlocks by the root key at once", async () => {
    const sent = await order("lock", "release", "1");
    expect(names(sent)).to.deep.equal(["RootOrderExecuted", "QuantumLockSet"]);
    expect(await lock()).to.deep.include({ locked: false });
    const idle = await refusal(...byWallet("next.json", "lock", "request-unlock", "1"));
    expect(idle.error).to.include("identity 1 is not quantum-locked");
  });

  it("unlocks without the root key after a year, unless the root key locks again", async () => {
    await order("lock", "set", "1");
    const asked = await network.ok<Outcome>(...byWallet("next.json", "lock", "request-unlock", "1"));
    expect(names(asked)).to.deep.equal(["UnlockRequested"]);
    const { unlockAtIso } = await lock();
    const early = await refusal(...byWallet("next.json", "lock", "complete-unlock", "1"));
    expect(early.error).to.include(`the change can be completed from ${String(unlockAtIso)} on`);
    await order("lock", "set", "1");
    expect(await lock(), "cancelled by the root key").to.deep.include({ unlockAt: "0" });
    await network.ok(...byWallet("next.json", "lock", "request-unlock", "1"));
    await network.pass(YEAR);
    await network.ok(...byWallet("next.json", "lock", "complete-unlock", "1"));
    expect(await lock()).to.deep.include({ locked: false });
  });
});
