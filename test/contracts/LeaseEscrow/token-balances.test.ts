import { expect } from "chai";
import { AbiCoder, MaxUint256, Signature, ZeroHash, type Signer } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { DOLLAR, leaseMarket, type LeaseMarket } from "./support/lease-market.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;
const AMOUNT = 7n * DOLLAR;
const INVALID = encodePermit(MaxUint256, { v: 27, r: ZeroHash, s: ZeroHash });

type SignatureParts = Pick<Signature, "v" | "r" | "s">;

function encodePermit(deadline: bigint, { v, r, s }: SignatureParts): string {
  return AbiCoder.defaultAbiCoder().encode(["uint256", "uint8", "bytes32", "bytes32"], [deadline, v, r, s]);
}

/** A marketplace whose client allows the escrow nothing. */
async function withoutAllowance() {
  const market = await leaseMarket();
  await market.stablecoin.connect(market.mallory).approve(await market.escrow.getAddress(), 0);
  return market;
}

/** A permit of a wallet for the escrow. */
async function signPermit({ escrow, stable, stablecoin }: LeaseMarket, owner: Signer, value: bigint) {
  const domain = { name: "Test Dollar", version: "1", chainId: 31_337, verifyingContract: stable };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const address = await owner.getAddress();
  const nonce = (await stablecoin.nonces(address)) as bigint;
  const message = { owner: address, spender: await escrow.getAddress(), value, nonce, deadline: MaxUint256 };
  return Signature.from(await owner.signTypedData(domain, types, message));
}

/** Mallory deposits bond for the operator, with a permit. */
function deposit({ escrow, stable, mallory }: LeaseMarket, permit: string) {
  return escrow.connect(mallory).depositBond(1, stable, AMOUNT, permit);
}

describe("TokenBalances: permits", () => {
  it("pays in with a permit alone", async () => {
    const market = await loadFixture(withoutAllowance);
    const permit = encodePermit(MaxUint256, await signPermit(market, market.mallory, AMOUNT));
    await expect(deposit(market, permit))
      .to.emit(market.escrow, "BondDeposited")
      .withArgs(1, market.stable, market.mallory.address, AMOUNT);
  });

  it("survives a permit that was front-run", async () => {
    const market = await loadFixture(withoutAllowance);
    const { stablecoin, escrow, mallory, others } = market;
    const parts = await signPermit(market, mallory, AMOUNT);
    const spender = await escrow.getAddress();
    await stablecoin.connect(others[0]).permit(mallory.address, spender, AMOUNT, MaxUint256, parts.v, parts.r, parts.s);
    await expect(deposit(market, encodePermit(MaxUint256, parts))).to.emit(escrow, "BondDeposited");
  });

  it("survives an invalid permit with an allowance", async () => {
    const market = await loadFixture(leaseMarket);
    await expect(deposit(market, INVALID)).to.emit(market.escrow, "BondDeposited");
  });

  it("refuses an invalid permit without an allowance", async () => {
    const market = await loadFixture(withoutAllowance);
    const ofAnother = encodePermit(MaxUint256, await signPermit(market, market.alice, AMOUNT));
    for (const permit of [INVALID, ofAnother]) {
      await expect(deposit(market, permit)).to.be.revertedWithCustomError(
        market.stablecoin,
        "ERC20InsufficientAllowance",
      );
    }
  });

  it("refuses bytes that are no permit", async () => {
    const market = await loadFixture(leaseMarket);
    await expect(deposit(market, "0x1234")).to.be.revertedWithoutReason(ethers);
  });
});

describe("TokenBalances: amounts", () => {
  it("takes no more at once than 96 bits hold", async () => {
    const { escrow, timelockSigner, mallory } = await loadFixture(leaseMarket);
    const plain = await ethers.deployContract("PlainToken");
    const token = await plain.getAddress();
    const most = 2n ** 96n - 1n;
    await escrow.connect(timelockSigner).setTokenRule(token, [true, 0n, 1n]);
    await plain.getFunction("mint")(mallory.address, 2n * most + 1n);
    await plain.connect(mallory).getFunction("approve")(await escrow.getAddress(), MaxUint256);
    await expect(escrow.connect(mallory).depositBond(1, token, most + 1n, "0x"))
      .to.be.revertedWithCustomError(escrow, "TokenBalances_AmountTooLarge")
      .withArgs(most + 1n, most);
    await escrow.connect(mallory).depositBond(1, token, most, "0x");
    expect(((await escrow.bondOf(1, token)) as { free: bigint }).free, "bond").to.equal(most);
  });
});
