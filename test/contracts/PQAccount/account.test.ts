import { expect } from "chai";
import { id, parseEther, ZeroAddress } from "ethers";
import { connection, deployedNetwork, MESH, namedSigners } from "../support/deployed-network.ts";
import { flipBit } from "../pqc/support/random.ts";
import { type AccountCall, deployPqAccount, signDigest } from "./support/post-quantum-account.ts";

const { networkHelpers } = connection;
const FOR_LONG = 2n ** 40n;
const IS_VALID = "0x1626ba7e";
const IS_INVALID = "0xffffffff";

/** An account with ether. */
async function fundedAccount() {
  const { mallory, alice, bob } = await namedSigners();
  const context = await deployPqAccount();
  await mallory.sendTransaction({ to: context.address, value: parseEther("5") });
  const pay = (target: string, value: bigint): AccountCall => ({ target, value, data: "0x" });
  return { ...context, mallory, alice, bob, pay };
}

describe("PQAccount: execute", () => {
  it("makes signed calls that anyone sends", async () => {
    const { account, signCalls, mallory, alice, bob, pay } = await networkHelpers.loadFixture(fundedAccount);
    const calls = [pay(alice.address, 1n), pay(bob.address, 2n)];
    const sent = account.connect(mallory).execute(calls, FOR_LONG, signCalls(calls, 0n, FOR_LONG));
    await expect(sent).to.emit(account, "Executed").withArgs(0n, 2n);
    await expect(sent).to.changeEtherBalances(connection.ethers, [account, alice, bob], [-3n, 1n, 2n]);
  });

  it("takes a signature once", async () => {
    const { account, signCalls, alice, pay } = await networkHelpers.loadFixture(fundedAccount);
    const calls = [pay(alice.address, 1n)];
    const signature = signCalls(calls, 0n, FOR_LONG);
    await account.execute(calls, FOR_LONG, signature);
    await expect(account.execute(calls, FOR_LONG, signature))
      .to.be.revertedWithCustomError(account, "PQAccount_InvalidSignature")
      .withArgs(1n);
  });

  it("refuses other calls, another deadline and a broken signature", async () => {
    const { account, signCalls, alice, bob, pay } = await networkHelpers.loadFixture(fundedAccount);
    const calls = [pay(alice.address, 1n)];
    const signature = signCalls(calls, 0n, FOR_LONG);
    for (const [sent, deadline, signed] of [
      [[pay(bob.address, 1n)], FOR_LONG, signature],
      [calls, FOR_LONG + 1n, signature],
      [calls, FOR_LONG, flipBit(signature, 9)],
    ] as const) {
      await expect(account.execute(sent, deadline, signed))
        .to.be.revertedWithCustomError(account, "PQAccount_InvalidSignature")
        .withArgs(0n);
    }
  });

  it("refuses calls after their deadline", async () => {
    const { account, signCalls, alice, pay } = await networkHelpers.loadFixture(fundedAccount);
    const deadline = BigInt(await networkHelpers.time.latest());
    const calls = [pay(alice.address, 1n)];
    await expect(account.execute(calls, deadline, signCalls(calls, 0n, deadline)))
      .to.be.revertedWithCustomError(account, "PQAccount_Expired")
      .withArgs(deadline);
  });

  it("makes all calls or none, with the error of the one that failed", async () => {
    const { account, address, signCalls, alice, pay } = await networkHelpers.loadFixture(fundedAccount);
    const data = account.interface.encodeFunctionData("setSigner", ["0x1234", "0x"]);
    const calls = [pay(alice.address, 1n), { target: address, value: 0n, data }];
    await expect(account.execute(calls, FOR_LONG, signCalls(calls, 0n, FOR_LONG)))
      .to.be.revertedWithCustomError(account, "PQAccount_InvalidSigner")
      .withArgs("0x1234");
    expect(await account.nonce(), "nonce").to.equal(0n);
  });

  it("registers as an operator", async () => {
    const network = await networkHelpers.loadFixture(deployedNetwork);
    const { account, address, signCalls } = await deployPqAccount();
    const { registry, token } = network;
    const register = registry.interface.encodeFunctionData("registerOperator", [ZeroAddress, ZeroAddress, id("root")]);
    const approve = token.interface.encodeFunctionData("approve", [await network.staking.getAddress(), 100n * MESH]);
    const calls = [
      { target: await registry.getAddress(), value: 0n, data: register },
      { target: await token.getAddress(), value: 0n, data: approve },
    ];
    await account.execute(calls, FOR_LONG, signCalls(calls, 0n, FOR_LONG));
    expect(await registry.identityOf(address), "identity").to.equal(1n);
  });
});

describe("PQAccount: signer", () => {
  it("changes to a key that proves itself", async () => {
    const { account, address, newKey, proveSigner, signCalls, alice, pay } =
      await networkHelpers.loadFixture(fundedAccount);
    const { pair, signer } = await newKey();
    const args = [signer, proveSigner(signer, 1n, pair)];
    const calls = [{ target: address, value: 0n, data: account.interface.encodeFunctionData("setSigner", args) }];
    await account.execute(calls, FOR_LONG, signCalls(calls, 0n, FOR_LONG));
    expect(await account.signer(), "signer").to.equal(signer);
    const payment = [pay(alice.address, 1n)];
    await expect(account.execute(payment, FOR_LONG, signCalls(payment, 1n, FOR_LONG)))
      .to.be.revertedWithCustomError(account, "PQAccount_InvalidSignature")
      .withArgs(1n);
    await account.execute(payment, FOR_LONG, signCalls(payment, 1n, FOR_LONG, pair));
  });

  it("does not change to a key that nobody has", async () => {
    const { account, address, key, newKey, proveSigner, signCalls } = await networkHelpers.loadFixture(fundedAccount);
    const { signer } = await newKey();
    const args = [signer, proveSigner(signer, 1n, key.pair)];
    const calls = [{ target: address, value: 0n, data: account.interface.encodeFunctionData("setSigner", args) }];
    await expect(account.execute(calls, FOR_LONG, signCalls(calls, 0n, FOR_LONG)))
      .to.be.revertedWithCustomError(account, "PQAccount_InvalidSignature")
      .withArgs(1n);
  });

  it("changes by nobody else", async () => {
    const { account, key, mallory } = await networkHelpers.loadFixture(fundedAccount);
    await expect(account.connect(mallory).setSigner(key.signer, "0x"))
      .to.be.revertedWithCustomError(account, "PQAccount_NotSelf")
      .withArgs(mallory.address);
  });

  it("must name a verifier", async () => {
    const { account, mallory, key } = await networkHelpers.loadFixture(fundedAccount);
    for (const signer of ["0x", `${mallory.address}00`, key.signer.slice(0, 42)]) {
      await expect(connection.ethers.deployContract("PQAccount", [signer])).to.be.revertedWithCustomError(
        account,
        "PQAccount_InvalidSigner",
      );
    }
  });
});

describe("PQAccount: ERC-1271", () => {
  it("accepts what its key signed for it", async () => {
    const { account, signHash } = await networkHelpers.loadFixture(fundedAccount);
    expect(await account.isValidSignature(id("hash"), signHash(id("hash"))), "signature").to.equal(IS_VALID);
    expect(await account.isValidSignature(id("other"), signHash(id("hash"))), "other hash").to.equal(IS_INVALID);
    expect(await account.isValidSignature(id("hash"), "0x"), "none").to.equal(IS_INVALID);
  });

  it("refuses what its key signed for another account", async () => {
    const { account, key, signHash } = await networkHelpers.loadFixture(fundedAccount);
    const other = await connection.ethers.deployContract("PQAccount", [key.signer]);
    const signature = signHash(id("hash"), await other.getAddress());
    expect(await other.getFunction("isValidSignature")(id("hash"), signature), "the other").to.equal(IS_VALID);
    expect(await account.isValidSignature(id("hash"), signature), "this one").to.equal(IS_INVALID);
  });

  it("refuses a signature over the bare hash, and one of calls", async () => {
    const { account, key, signCalls } = await networkHelpers.loadFixture(fundedAccount);
    const bare = signDigest(key.pair, id("hash"));
    expect(await account.isValidSignature(id("hash"), bare), "bare").to.equal(IS_INVALID);
    expect(await account.isValidSignature(id("hash"), signCalls([], 0n, FOR_LONG)), "calls").to.equal(IS_INVALID);
  });
});
