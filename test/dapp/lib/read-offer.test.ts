import { expect } from "chai";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { formatOffer, formatVoucher, type SignedOffer } from "@pqmesh/contracts/protocol/market-statements";
import { readOffer, readVoucher } from "../../../dapp/src/lib/read-offer.ts";
import { listingOf } from "../support/market-fixtures.ts";

const LISTINGS = "0x00000000000000000000000000000000000000a1";
const VOUCHERS = "0x00000000000000000000000000000000000000a2";
const WALLET = "0x0000000000000000000000000000000000000c11";
const config = {
  chainId: 31_337,
  contracts: { NodeListings: LISTINGS, LeaseVouchers: VOUCHERS },
} as unknown as NetworkConfig;
const frame = { config, listing: listingOf(), wallet: WALLET, now: 1_000 } as const;
const offer = { listingId: 1, version: 1, client: WALLET, units: 2, expiresAt: 1_000n, nonce: 7n } as const;
const signed: SignedOffer = {
  ...{ chainId: 31_337, contract: LISTINGS, offer, signer: "0x0000000000000000000000000000000000000b05" },
  signature: "0x01",
};

describe("readOffer", () => {
  it("takes an offer for this listing and wallet until its last second", () => {
    expect(readOffer(formatOffer(signed), frame)).to.deep.equal({ offer: signed });
  });

  const wrong: [string, SignedOffer, RegExp][] = [
    ["another chain", { ...signed, chainId: 1 }, /for chain 1; this is 31337/],
    ["another deployment", { ...signed, contract: VOUCHERS }, /for the contract 0x/],
    ["another listing", { ...signed, offer: { ...offer, listingId: 2 } }, /for listing 2/],
    ["an older version", { ...signed, offer: { ...offer, version: 3 } }, /version 3; 1 is on offer/],
    ["another wallet", { ...signed, offer: { ...offer, client: VOUCHERS } }, /for the wallet 0x/],
    ["another time", { ...signed, offer: { ...offer, expiresAt: 999n } }, /was valid until/],
  ];
  for (const [what, file, problem] of wrong) {
    it(`refuses an offer for ${what}`, () => {
      expect(readOffer(formatOffer(file), frame))
        .to.have.property("problem")
        .that.matches(problem);
    });
  }

  it("says what is wrong with a file", () => {
    expect(readOffer("{}", frame))
      .to.have.property("problem")
      .that.matches(/not an offer file: format must be/);
  });
});

describe("readVoucher", () => {
  const file = {
    chainId: 31_337,
    contract: VOUCHERS,
    voucher: { leaseId: 4n, amount: 9n },
    signature: "0x01",
  } as const;

  it("takes a voucher for this lease", () => {
    expect(readVoucher(formatVoucher(file), config, 4)).to.deep.equal({ voucher: file });
  });

  it("refuses a voucher for another lease, contract or chain", () => {
    expect(readVoucher(formatVoucher(file), config, 5)).to.deep.equal({ problem: "The voucher is for lease 4." });
    const elsewhere = formatVoucher({ ...file, contract: LISTINGS });
    expect(readVoucher(elsewhere, config, 4))
      .to.have.property("problem")
      .that.matches(/for the contract/);
    expect(readVoucher(formatVoucher({ ...file, chainId: 5 }), config, 4)).to.have.property("problem");
  });
});
