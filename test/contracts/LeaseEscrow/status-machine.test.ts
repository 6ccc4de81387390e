import { LEASE_STATUSES, type LeaseStatus } from "@pqmesh/contracts/protocol/lease-status";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connection } from "../support/deployed-network.ts";
import {
  DOLLAR,
  goToEpoch,
  HORIZON,
  leaseMarket,
  leaseOf,
  type LeaseMarket,
  MARK,
  open,
  rent,
} from "./support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;
const DOCS = join(import.meta.dirname, "../../../docs/MARKETPLACE.md");
const EVERYTHING = 10_000n;

/** The edges of the drawing in the docs, as `From → To`. */
function drawnEdges(): string[] {
  const [, drawing = ""] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(readFileSync(DOCS, "utf8")) ?? [];
  const edges = [...drawing.matchAll(/^ *(\S+) --> (\w+):/gm)].map(([, from, to]) => `${from} → ${to}`);
  if (edges.length === 0) throw new Error("docs/MARKETPLACE.md has no drawing of the life of a lease");
  return edges.sort();
}

async function statusOf(market: LeaseMarket, leaseId: bigint): Promise<LeaseStatus> {
  return LEASE_STATUSES[Number((await leaseOf(market, leaseId)).status)];
}

async function settleAt(market: LeaseMarket, leaseId: bigint, epoch: number): Promise<void> {
  await goToEpoch(market, epoch);
  await market.escrow.settle(leaseId, EVERYTHING);
}

/** How to go along each edge; returns the lease. */
const DRIVES: Record<string, (market: LeaseMarket) => Promise<bigint>> = {
  "[*] → Pending": (market) => open(market),
  "Pending → Active": async (market) => (await rent(market)).leaseId,
  "Pending → Declined": async (market) => {
    const leaseId = await open(market);
    await market.escrow.connect(market.bob).decline(leaseId);
    return leaseId;
  },
  "Pending → Cancelled": async (market) => {
    const leaseId = await open(market);
    await market.escrow.connect(market.mallory).cancel(leaseId);
    return leaseId;
  },
  "Pending → NotAccepted": async (market) => {
    const leaseId = await open(market);
    await settleAt(market, leaseId, Number((await leaseOf(market, leaseId)).start) + 1);
    return leaseId;
  },
  "Active → Completed": async (market) => {
    const { leaseId, start } = await rent(market);
    await settleAt(market, leaseId, start + 20 + HORIZON);
    return leaseId;
  },
  "Active → EndedByClient": async (market) => {
    const { leaseId, start } = await rent(market);
    await market.escrow.connect(market.mallory).giveNotice(leaseId);
    await settleAt(market, leaseId, start + 4 + HORIZON);
    return leaseId;
  },
  "Active → EndedByProvider": async (market) => {
    const { leaseId, start } = await rent(market);
    await market.escrow.connect(market.bob).giveNotice(leaseId);
    await settleAt(market, leaseId, start + 4 + HORIZON);
    return leaseId;
  },
  "Active → OutOfFunds": async (market) => {
    const { leaseId, start } = await rent(market, { paid: 5n });
    await settleAt(market, leaseId, start + 5 + HORIZON);
    return leaseId;
  },
  "Active → Breached": async (market) => {
    const { leaseId, start } = await rent(market);
    for (const epoch of [0, 1, 2]) await market.marks.getFunction("mark")(0, start + epoch, MARK.absent);
    await settleAt(market, leaseId, start + 3 + HORIZON);
    return leaseId;
  },
};

/** Everything that anybody can do with a lease, by whoever may do it. */
function attemptsAt({ escrow, leaseDisputes, mallory, bob }: LeaseMarket, leaseId: bigint) {
  const [client, provider] = [escrow.connect(mallory), escrow.connect(bob)];
  return {
    accept: () => provider.accept(leaseId, "0x"),
    deliver: () => provider.deliver(leaseId, "0x"),
    decline: () => provider.decline(leaseId),
    cancel: () => client.cancel(leaseId),
    topUp: () => client.topUp(leaseId, DOLLAR, "0x"),
    extend: () => client.extend(leaseId, 1n),
    "notice of the client": () => client.giveNotice(leaseId),
    "notice of the provider": () => provider.giveNotice(leaseId),
    settle: () => escrow.settle(leaseId, EVERYTHING),
    sweep: () => escrow.sweep([leaseId], EVERYTHING),
    dispute: () => leaseDisputes.connect(mallory).open(leaseId, `0x${"11".repeat(32)}`, 1_000n * DOLLAR, "0x"),
  } satisfies Record<string, () => Promise<unknown>>;
}

describe("LeaseEscrow: the life of a lease as it is drawn", () => {
  it("has a way to go along every edge, and no other", () => {
    expect(Object.keys(DRIVES).sort()).to.deep.equal(drawnEdges());
  });

  for (const [edge, drive] of Object.entries(DRIVES)) {
    const target = edge.split(" → ")[1] as LeaseStatus;
    it(`reaches ${target}`, async () => {
      const market = await loadFixture(leaseMarket);
      expect(await statusOf(market, await drive(market))).to.equal(target);
    });

    it(`leaves ${target} along drawn edges alone`, async () => {
      const allowed = drawnEdges().flatMap((each) => (each.startsWith(`${target} → `) ? [each.split(" → ")[1]] : []));
      const fixture = await loadFixture(leaseMarket);
      for (const name of Object.keys(attemptsAt(fixture, 0n))) {
        const market = await loadFixture(leaseMarket);
        const leaseId = await drive(market);
        const before = await market.escrow.leaseOf(leaseId);
        const attempts = attemptsAt(market, leaseId);
        await attempts[name as keyof typeof attempts]().catch(() => undefined);
        expect([target, ...allowed], `after ${name}`).to.include(await statusOf(market, leaseId));
        if (allowed.length === 0) expect(await market.escrow.leaseOf(leaseId), name).to.deep.equal(before);
      }
    });
  }
});
