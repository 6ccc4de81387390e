import { EventEmitter } from "node:events";
import { expect } from "chai";
import { pino } from "pino";
import type { Address } from "viem";
import type { CommitteePeer } from "../../../relayer/src/committee/committee-peer.ts";
import { type ArchivistOptions, ReportArchivist } from "../../../relayer/src/committee/report-archivist.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const DIGEST = `0x${"d1".repeat(32)}` as const;
const SELF: Address = `0x${"01".repeat(20)}`;
const ACCEPTED = { epoch: 10n, shard: 0, committeeVersion: 1, digest: DIGEST, signers: 0b10n };

describe("ReportArchivist", () => {
  let archivist: ReportArchivist;
  let epoch: bigint;
  let asked: number;
  let complete: boolean;

  beforeEach(() => {
    [epoch, asked, complete] = [11n, 0, false];
    const members = [SELF, `0x${"02".repeat(20)}`].map((address, seat) => ({ address, seat }));
    const peer = {
      signedReport() {
        asked += 1;
        return Promise.reject(new Error("the endpoint is away"));
      },
    } as Partial<CommitteePeer>;
    const chain = {
      events: new EventEmitter(),
      horizonEpochs: 8n,
      currentEpoch: () => epoch,
      recentReports: () => [ACCEPTED],
      committeeAt: () => ({ version: 1, fromEpoch: 0n, members }),
      acceptedReport: () => ACCEPTED,
    };
    const store = { signedReport: () => (complete ? { signatures: [{ seat: 1 }], leaves: [] } : undefined) };
    const options = { chain, store, vault: { held: () => [] }, address: SELF, peerOf: () => peer };
    archivist = new ReportArchivist({
      ...(options as unknown as ArchivistOptions),
      ...{ delayMs: 5, log: pino({ level: "silent" }) },
    });
  });

  afterEach(() => archivist.stop());

  it("asks again until nothing is missing", async () => {
    archivist.start();
    await waitUntil("a third attempt", () => asked === 3);
    complete = true;
    await waitUntil("no attempt is left", () => archivist.waiting === 0);
    expect(asked).to.equal(3);
  });

  it("gives up when the report is past the horizon", async () => {
    archivist.start();
    await waitUntil("a second attempt", () => asked === 2);
    epoch = 19n;
    await waitUntil("no attempt is left", () => archivist.waiting === 0);
    expect(complete, "it is not complete").to.equal(false);
  });
});
