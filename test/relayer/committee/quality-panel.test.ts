import { expect } from "chai";
import type { Address } from "viem";
import type { CommitteePeer } from "../../../relayer/src/committee/committee-peer.ts";
import { QualityPanel } from "../../../relayer/src/committee/quality-panel.ts";
import type { HeartbeatRow } from "../../../relayer/src/store/store-write.ts";
import { perfectHeartbeats } from "../../helpers/test-committee.ts";

const PLACE = { epoch: 6n, shard: 0 };
const ACTIVE = [7, 8];

function row(changes: Partial<HeartbeatRow> = {}): HeartbeatRow {
  return { ...perfectHeartbeats([7])[0]!, ...changes };
}

/** A peer that answers with these rows and counts how often it was asked. */
function peer(seat: number, rows: HeartbeatRow[]): CommitteePeer & { asked: number } {
  const unused = () => Promise.reject(new Error("not part of this test"));
  const address: Address = `0x${String(seat).padStart(40, "0")}`;
  return {
    ...{ address, asked: 0, leaves: unused, fetchLeaves: unused, propose: unused, signedReport: unused },
    heartbeats() {
      this.asked += 1;
      return Promise.resolve(rows);
    },
  };
}

function panel(pauseMs = 60_000): QualityPanel {
  return new QualityPanel({ own: () => [row()], activeNodes: () => ACTIVE, epochLengthSeconds: 10, pauseMs });
}

async function byteSeenWith(lie: HeartbeatRow[]): Promise<number | undefined> {
  const seen = await panel().gather(PLACE, [peer(1, [row()]), peer(2, [row()]), peer(3, lie)], 1_000);
  return seen.get(7)?.byte;
}

describe("QualityPanel", () => {
  it("counts one row of a peer, however often it lists a node", async () => {
    const silent = row({ received: 0 });
    expect(await byteSeenWith([silent, silent, silent, silent])).to.equal(255);
  });

  for (const [name, rows] of Object.entries({
    "a node twice": [row({ received: 0 }), row({ received: 0 })],
    "a node of another shard": [row({ received: 0 }), row({ nodeIndex: 519 })],
    "a node that is not active": [row({ received: 0 }), row({ nodeIndex: 9 })],
    "more received than fit into the epoch": [row({ received: 23 })],
    "more expected than fit into the epoch": [row({ received: 0, expected: 23 })],
    "an interval that is too short": [row({ received: 0, intervalMicros: 499_999 })],
    "an interval that is too long": [row({ received: 0, intervalMicros: 5_000_001 })],
  })) {
    it(`refuses a whole list with ${name}`, async () => {
      const alone = new QualityPanel({
        ...{ own: () => [], activeNodes: () => ACTIVE, epochLengthSeconds: 10, pauseMs: 60_000 },
      });
      expect([...(await alone.gather(PLACE, [peer(1, rows)], 1_000))]).to.deep.equal([]);
    });
  }

  it("asks a peer again whose list was refused, after a pause", async () => {
    const liar = peer(1, [row(), row()]);
    const other = panel(0);
    await other.gather(PLACE, [liar], 1_000);
    await other.gather(PLACE, [liar], 1_000);
    expect(liar.asked, "no pause").to.equal(2);
    const patient = panel();
    await patient.gather(PLACE, [liar], 1_000);
    await patient.gather(PLACE, [liar], 1_000);
    expect(liar.asked, "a pause").to.equal(3);
  });
});
