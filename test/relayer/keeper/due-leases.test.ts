import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { expect } from "chai";
import { pino } from "pino";
import { encodeFunctionData, zeroHash } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { type RpcRequest, RpcResponseError, RpcTransportError } from "../../../relayer/src/chain/json-rpc.ts";
import { DueLeases } from "../../../relayer/src/keeper/due-leases.ts";
import { LeaseReader } from "../../../relayer/src/keeper/lease-reader.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { CLIENT, TestMarket } from "../../helpers/test-market.ts";
import { addNodes, deployTestNetwork, freshPublicKeys, seatCommittee } from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const FIRST = 20;
/** Epochs of a test: enough for the longest lease, its grace and the horizon. */
const EPOCHS = 60;

/** Numbers that look like chance and are the same in each run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("DueLeases", function () {
  this.timeout(120_000);
  let anvil: TestChain;
  let market: TestMarket;
  let chain: ChainFollower;
  let due: DueLeases;
  let reader: LeaseReader;

  beforeEach(async () => {
    anvil = await startAnvil({ timestamp: Math.floor(Date.now() / 1_000) - 100_000 });
    const network = await deployTestNetwork(anvil, { epochSeconds: 100 });
    await addNodes(network, freshPublicKeys(1));
    const relayers = await seatCommittee(network, [{ accountIndex: 10, endpoint: "https://127.0.0.1:1" }]);
    await anvil.mineAt(network.epochStart(FIRST));
    market = await TestMarket.open(network, relayers, FIRST - 2);
    const log = pino({ level: "silent" });
    chain = await followChain({ rpcUrls: [anvil.url], network: network.config, log, pollMs: 20 });
    reader = new LeaseReader(chain.request, network.config);
    due = new DueLeases(chain, reader);
  });

  afterEach(async () => {
    await chain?.stop();
    await anvil?.stop();
  });

  /** Moves to an epoch and looks at all leases, as this view and as the contract sees them. */
  async function look(epoch: number): Promise<{ seen: Map<bigint, string>; closable: bigint[] }> {
    await waitUntil("the view is at the head", async () => chain.head().hash === (await anvil.head()).hash);
    expect(chain.epochAt(chain.head().timestamp)).to.equal(BigInt(epoch));
    const seen = new Map((await due.look(BigInt(epoch))).map(({ lease, reason }) => [lease.leaseId, reason]));
    const janitor = testAccount(9).address;
    const tries = [...chain.leases.open()].map(async ({ leaseId }) => {
      const { outcome } = await reader.trySweep(leaseId, { janitor, delay: 1n });
      return outcome === "Closed" ? [leaseId] : [];
    });
    return { seen, closable: (await Promise.all(tries)).flat() };
  }

  const sorted = (ids: Iterable<bigint>) => [...ids].sort((a, b) => Number(a - b));

  for (const seed of [1, 2, 3]) {
    it(`agrees with the escrow in every epoch, pattern ${seed}`, async () => {
      const draw = draws(seed);
      for (const terms of [
        { uptimeBp: 9_000, maxMissedRun: 3 },
        { uptimeBp: 5_000, maxMissedRun: 2 },
        { uptimeBp: 8_000, maxMissedRun: 50, graceEpochs: 0 },
        { uptimeBp: 0, maxMissedRun: 50, graceEpochs: 12 },
      ]) {
        await market.list(terms);
      }
      for (let listing = 1; listing <= 4; listing++) {
        await market.rent({ listing, epochs: 20 });
        await market.rent({ listing, epochs: 30, paid: 9 });
      }
      const late = await market.lease();
      const noticed = [await market.rent({ listing: 4 }), await market.rent({ listing: 4 })];
      const reasons = new Map<bigint, string>();
      for (let epoch = FIRST + 1; epoch < FIRST + EPOCHS; epoch++) {
        await anvil.mineAt(market.network.epochStart(epoch));
        const chance = draw();
        // An epoch can be reported when the window of the one before is closed; some have no report.
        if (chance > 0.1) await market.report(epoch - 2, { isAbsent: chance > 0.8, isDegraded: chance > 0.7 });
        if (epoch === FIRST + 5) {
          await market.call("LeaseEscrow", "giveNotice", [noticed[0]], CLIENT);
          await market.call("LeaseEscrow", "giveNotice", [noticed[1]]);
        }
        if (epoch === FIRST + 7) await market.call("LeaseEscrow", "topUp", [6n, 3_000_000n, "0x"], CLIENT);
        // A dispute holds lease 2 for six epochs, and nobody decides it.
        if (epoch === FIRST + 3) await market.call("LeaseDisputes", "open", [2n, zeroHash, 100_000_000n, "0x"], CLIENT);
        if (epoch === FIRST + 25) {
          await market.call("LeaseDisputes", "expire", [2n]);
          // What a verdict is about is a page of its own: one sweep settles it, another one closes the lease.
          await market.call("LeaseEscrow", "settle", [2n, 1_000n]);
        }
        if (epoch % 9 === 0) for (const id of [1n, 3n, 7n]) await market.call("LeaseEscrow", "settle", [id, 4n]);
        const { seen, closable } = await look(epoch);
        expect(sorted(seen.keys()), `leases that can be closed in epoch ${epoch}`).to.deep.equal(sorted(closable));
        for (const [leaseId, reason] of seen) reasons.set(leaseId, reason);
      }
      expect(reasons.get(late), "never accepted").to.equal("NotAccepted");
      const open = [...chain.leases.open()].map(({ leaseId }) => leaseId);
      expect(sorted(reasons.keys()), "leases that ended").to.include.members(open);
      expect([...reasons.values()], "reasons").to.include.members(["Breached", "OutOfFunds", "EndedByClient"]);
    });
  }

  it("finds what is due although one lease cannot be read", async () => {
    await market.list();
    await market.list();
    const [unread, read] = [await market.rent({ listing: 1, epochs: 3 }), await market.rent({ listing: 2, epochs: 3 })];
    let isRefusing = true;
    const refused = encodeFunctionData({ abi: nodeListingsAbi, functionName: "termsOf", args: [1, 1] });
    const request: RpcRequest = (method, params) => {
      const [{ data } = {}] = params as [{ data?: string }?];
      if (isRefusing && data === refused) throw new RpcResponseError("out of gas", -32_000, undefined);
      return chain.request(method, params);
    };
    due = new DueLeases(chain, new LeaseReader(request, market.network.config));
    await anvil.mineAt(market.network.epochStart(FIRST + EPOCHS));
    expect((await look(FIRST + EPOCHS)).seen.get(read)).to.equal("Completed");
    expect([...due.unreadable]).to.deep.equal([[unread, "out of gas"]]);

    isRefusing = false;
    expect(sorted((await look(FIRST + EPOCHS)).seen.keys()), "once it can be read").to.deep.equal([unread, read]);
    expect([...due.unreadable]).to.deep.equal([]);
  });

  it("does not take an endpoint that is gone for a lease that cannot be read", async () => {
    await market.list();
    await market.rent({ epochs: 3 });
    const request: RpcRequest = () => Promise.reject(new RpcTransportError("refused"));
    due = new DueLeases(chain, new LeaseReader(request, market.network.config));
    await anvil.mineAt(market.network.epochStart(FIRST + EPOCHS));
    const error = await look(FIRST + EPOCHS).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(RpcTransportError);
    expect([...due.unreadable]).to.deep.equal([]);
  });
});
