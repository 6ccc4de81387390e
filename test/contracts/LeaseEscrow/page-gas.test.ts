import { expect } from "chai";
import { AbiCoder, type Contract, type ContractTransactionReceipt, keccak256, toBeHex, ZeroHash } from "ethers";
import { deployMarketplace, finalize, type Marketplace, NODES, showCapacity } from "../../../scripts/bench/leases.ts";
import { deployMesh, registerNodes, seatCommittee } from "../../../scripts/bench/mesh-deployment.ts";

/** Epochs of a page that always fits into a transaction, and the gas that it takes at most. */
const [PAGE, PAGE_GAS] = [1_024, 9_000_000];
/** EIP-7825: gas of one transaction. */
const LARGEST_TRANSACTION = 2 ** 24;
const WORD = 256;
const ALL = 2n ** 256n - 1n;
const FEE = 100_000n;
const COMPLETED = 6n;
/** Storage of the bridge before the progress of shards: two kinds of marks, each sparse, dense and maps; then summaries. */
const SLOTS_BEFORE_PROGRESS = 11;
const [MOST_SLOTS, SLOTS_OF_MARKS, NODE_SUMMARY, SHARD_SUMMARY] = [64, 3, 6, 8];

/** Bits of a word in which `count` of every four epochs are set. */
function ofFour(count: number): bigint {
  return BigInt(`0x${((1 << count) - 1).toString(16).repeat(64)}`);
}

const slotOf = (key: bigint, slot: number): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot]));

/** Writes what reports about node 0 leave in the storage of a bridge. */
class Ledger {
  readonly #market: Marketplace;
  readonly #base: number;

  constructor(market: Marketplace, base: number) {
    this.#market = market;
    this.#base = base;
  }

  static async of(market: Marketplace): Promise<Ledger> {
    const { provider } = market.connection.ethers;
    const next = (await market.bridge.getFunction("nextEpoch")(0)) as bigint;
    for (let slot = SLOTS_BEFORE_PROGRESS; slot < MOST_SLOTS; slot++) {
      const word = BigInt(await provider.getStorage(await market.bridge.getAddress(), slotOf(0n, slot)));
      if (word !== 0n && word >> 64n === next) return new Ledger(market, slot - SLOTS_BEFORE_PROGRESS);
    }
    throw new Error("no slot holds the progress of the shard");
  }

  /** Absences that short lists of reports leave: bits of a word. */
  async sparse(word: number, bits: bigint): Promise<void> {
    await this.#write(BigInt(word), 0, bits);
    await this.#write(BigInt(word >> 7), NODE_SUMMARY, 2n ** 128n - 1n);
  }

  /** Absences that long lists leave, beside long lists of degraded nodes in every epoch: the dearest word to read. */
  async dense(word: number, bits: bigint): Promise<void> {
    for (const kind of [0, 1]) await this.#write(BigInt(word), kind * SLOTS_OF_MARKS + 1, ALL);
    await this.#write(BigInt(word >> 8), SHARD_SUMMARY, ALL);
    for (let i = 0; i < WORD; i++) {
      const epoch = BigInt(word * WORD + i);
      const isAbsent = (bits >> BigInt(i)) & 1n;
      // Others are in the lists, too.
      await this.#write(epoch, 2, 2n | isAbsent);
      await this.#write(epoch, SLOTS_OF_MARKS + 2, 2n);
    }
  }

  async #write(key: bigint, slot: number, value: bigint): Promise<void> {
    const { connection, bridge } = this.#market;
    const place = slotOf(key, this.#base + slot);
    await connection.networkHelpers.setStorageAt(await bridge.getAddress(), place, toBeHex(value, 32));
  }
}

/** A marketplace in which node 0 serves a lease that begins with a word of epochs. */
async function leaseOf(epochs: number, maxMissedRun: number) {
  const mesh = await deployMesh();
  await registerNodes(mesh, NODES);
  const market = await deployMarketplace(mesh);
  await showCapacity(market, await seatCommittee(mesh, 4));
  const { escrow, listings, dollar, clients } = market;
  const terms = {
    ...{ token: await dollar.getAddress(), price: 1, bondEpochs: 1, graceEpochs: 1, minEpochs: 1, maxEpochs: epochs },
    ...{ uptimeBp: 0, maxMissedRun, acceptEpochs: 9, noticeEpochs: 1, isMetered: false },
  };
  await listings.getFunction("createListing")([0, 1, 1, 0, 4], terms, [ZeroHash, "0x4445", ""]);
  const firstWord = Math.floor(Number(await market.bridge.getFunction("currentEpoch")()) / WORD) + 1;
  await finalize(market, firstWord * WORD - 1 - 8);
  const client = escrow.connect(clients[0]) as Contract;
  const request = [1, 1, 1, epochs, BigInt(epochs) + FEE, 1, "0x"];
  await client.getFunction("open")(request, ["0x".padEnd(42, "0"), 0, 0, "0x"], "0x");
  await escrow.getFunction("accept")(1, "0x");
  const [{ start }] = (await escrow.getFunction("leaseOf")(1)) as [{ start: bigint }];
  expect(Number(start), "first epoch of the lease").to.equal(firstWord * WORD);
  const settle = async (page: number) => {
    const sent = await escrow.getFunction("settle")(1, page, { gasLimit: LARGEST_TRANSACTION });
    return Number(((await sent.wait()) as ContractTransactionReceipt).gasUsed);
  };
  const missed = async () => {
    const [, record] = (await escrow.getFunction("leaseOf")(1)) as [unknown, { missedEpochs: bigint }];
    return Number(record.missedEpochs);
  };
  return { market, ledger: await Ledger.of(market), firstWord, settle, missed };
}

describe("LeaseEscrow: gas of a page", () => {
  for (const kind of ["sparse", "dense"] as const) {
    for (const [name, bits, absences] of [
      ["every other epoch", BigInt(`0x${"5".repeat(64)}`), PAGE / 2],
      ["three of four epochs", ofFour(3), (PAGE * 3) / 4],
      ["all epochs", ALL, PAGE],
    ] as const) {
      it(`is bounded with ${kind} absences in ${name}`, async () => {
        const { market, ledger, firstWord, settle, missed } = await leaseOf(4 * PAGE, 65_535);
        for (let word = 0; word < PAGE / WORD; word++) await ledger[kind](firstWord + word, bits);
        await finalize(market, firstWord * WORD + PAGE);
        expect(await settle(PAGE)).to.be.lessThan(PAGE_GAS);
        expect(await missed(), "missed epochs").to.equal(absences);
      });
    }
  }

  it("is bounded after a run of missed epochs that no transaction could look at", async () => {
    const { market, ledger, firstWord, settle, missed } = await leaseOf(8 * PAGE, 5_700);
    const words = [0n, 0n, ...Array<bigint>(22).fill(ALL), ...Array<bigint>(4).fill(ofFour(3))];
    for (const [word, bits] of words.entries()) await ledger.dense(firstWord + word, bits);
    await finalize(market, (firstWord + words.length) * WORD);
    for (let page = 0; page < 7; page++) expect(await settle(PAGE), `page ${page}`).to.be.lessThan(PAGE_GAS);
    expect(await missed(), "missed epochs").to.equal(22 * WORD + 3 * WORD);
  });

  it("ends a lease of 131,072 epochs, absent in three of four, after as many pages as it has", async () => {
    const epochs = 2 ** 17;
    const { market, ledger, firstWord, settle, missed } = await leaseOf(epochs, 65_535);
    for (let word = 0; word < epochs / WORD; word++) await ledger.sparse(firstWord + word, ofFour(3));
    await finalize(market, firstWord * WORD + epochs);
    let most = 0;
    for (let page = 0; page < epochs / PAGE; page++) most = Math.max(most, await settle(PAGE));
    expect(await missed(), "missed epochs").to.equal((epochs * 3) / 4);
    expect(most, "dearest page").to.be.lessThan(PAGE_GAS);
    const [{ status }] = (await market.escrow.getFunction("leaseOf")(1)) as [{ status: bigint }];
    expect(status).to.equal(COMPLETED);
  });
});
