import { expect } from "chai";
import { LISTINGS, marketOf } from "../../../scripts/start/market-seeds.ts";

describe("market of a devnet", () => {
  for (const operators of [1, 2, 3, 4, 12]) {
    it(`rents from ${operators} operators what their first nodes list, at its price`, () => {
      const { listings, leases } = marketOf(operators);
      expect(listings.every(({ node }) => node < operators)).to.equal(true);
      for (const { client, listingId, price, units } of leases) {
        const listing = listings[listingId - 1]!;
        expect(listing, `listing of client ${client}`).to.equal(LISTINGS[client]);
        expect(price).to.equal(listing.price);
        expect(listing.privacy, "open to everybody").to.equal("FullPublic");
        expect(units).to.be.at.most(listing.units);
      }
      expect(leases.length).to.equal(Math.min(operators, 3));
    });
  }
});
