import { expect } from "chai";
import { fitsReportListing, readReportListing, reportFilter } from "../../../dapp/src/lib/report-listing.ts";

describe("report listing", () => {
  it("reads what is in the address and ignores the rest", () => {
    const read = (query: string) => readReportListing(new URLSearchParams(query));
    expect(read("shard=2&only=troubled&upto=90&page=3")).to.deep.equal({ shard: 2, troubled: true, upTo: 90, page: 3 });
    expect(read("shard=x&only=all&upto=-1&page=0")).to.deep.equal({ shard: "all", troubled: false, page: 1 });
  });

  it("asks the indexer for what it shows", () => {
    const report = { epoch: 90, shard: 2, absent: 1, degraded: 0 } as Parameters<typeof fitsReportListing>[0];
    const listing = { shard: 2, troubled: true, upTo: 90, page: 1 };
    expect(fitsReportListing(report, listing)).to.equal(true);
    expect(fitsReportListing({ ...report, absent: 0 }, listing)).to.equal(false);
    expect(fitsReportListing({ ...report, epoch: 91 }, listing)).to.equal(false);
    expect(reportFilter(listing).and).to.deep.include({ epoch_lte: "90" });
    expect(reportFilter({ shard: "all", troubled: false, page: 1 }).and).to.have.length(1);
  });
});
