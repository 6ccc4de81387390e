import { expect } from "chai";
import { bytesToHex } from "viem";
import { countStatuses, epochHistory, reportedCells } from "../../../dapp/src/lib/uptime-history.ts";

const page = (number: number, bytes: Record<number, number>) => {
  const statuses = new Uint8Array(256);
  for (const [offset, byte] of Object.entries(bytes)) statuses[Number(offset)] = byte;
  return { page: number, statuses: bytesToHex(statuses), qualities: bytesToHex(new Uint8Array(256).fill(200)) };
};

describe("epochHistory", () => {
  it("joins pages, unreported ranges, pending epochs and inactivity", () => {
    const reported = reportedCells([page(0, { 254: 2, 255: 3 }), page(1, { 0: 4, 3: 2 })]);
    const cells = epochHistory(reported, {
      from: 252,
      to: 262,
      intervals: [{ from: 253, until: 262 }],
      unreported: [{ from: 257, to: 257 }],
      reportableFrom: 260,
    });
    expect(cells.map(({ status }) => status)).to.deep.equal([
      ...["Inactive", "Unreported", "Attested", "Absent", "Degraded"],
      ...["Unreported", "Unreported", "Attested", "Pending", "Pending", "Inactive"],
    ]);
    expect(cells[0]?.epoch).to.equal(252);
    expect(countStatuses(cells)).to.include({ Attested: 2, Absent: 1, Degraded: 1, Unreported: 3 });
  });

  it("gives absent epochs no quality", () => {
    const cells = reportedCells([page(0, { 1: 2, 2: 3 })]);
    expect(cells.get(1)?.quality).to.equal(200);
    expect(cells.get(2)).to.not.have.property("quality");
  });

  it("is empty before the first epoch", () => {
    const frame = { from: 1, to: 0, intervals: [], unreported: [], reportableFrom: 0 };
    expect(epochHistory(new Map(), frame)).to.deep.equal([]);
  });
});
