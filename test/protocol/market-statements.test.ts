import { expect } from "chai";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import {
  formatOffer,
  formatVoucher,
  offerTypedData,
  parseOffer,
  parseVoucher,
  type SignedOffer,
  type SignedVoucher,
  voucherTypedData,
} from "@pqmesh/contracts/protocol/market-statements";
import { recoverTypedDataAddress } from "viem";
import { testAccount } from "../helpers/anvil.ts";

const contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const domain = { chainId: 31_337, contract } as const;
const operator = testAccount(1);
const client = testAccount(2);

describe("offer file", () => {
  const offer = { listingId: 7, version: 2, client: client.address, units: 3, expiresAt: 2_000_000_000n, nonce: 99n };
  let signed: SignedOffer;

  before(async () => {
    const signature = await operator.signTypedData(offerTypedData(domain, offer));
    signed = { ...domain, offer, signer: operator.address, signature };
  });

  it("returns what was written", () => {
    expect(parseOffer(formatOffer(signed))).to.deep.equal(signed);
  });

  it("carries a signature of the signer", async () => {
    const { signature } = parseOffer(formatOffer(signed));
    const typedData = offerTypedData(domain, offer);
    expect(await recoverTypedDataAddress({ ...typedData, signature })).to.equal(operator.address);
  });

  it("has the contract's fields in the contract's order", () => {
    const hash = nodeListingsAbi.find((item) => "name" in item && item.name === "hashOffer")!;
    const names = (hash as { inputs: readonly { name: string }[] }).inputs.map(({ name }) => name);
    const fields = offerTypedData(domain, offer).types.Offer as readonly { name: string }[];
    expect(fields.map(({ name }) => name)).to.deep.equal([...names.slice(0, -1), "expiresAt", "nonce"]);
  });

  const wrong: [string, (file: Record<string, unknown>) => void, RegExp][] = [
    ["another format", (file) => (file.format = "pqmesh-lease-voucher"), /^format must be/],
    ["another version", (file) => (file.version = 2), /^version must be 1$/],
    ["a field too many", (file) => (file.extra = 1), /^extra is no known field$/],
    ["units beyond 16 bits", (file) => ((file.offer as never as { units: number }).units = 65_536), /^offer\.units/],
    [
      "a client that is no address",
      (file) => ((file.offer as never as { client: string }).client = "0x1"),
      /^offer\.client/,
    ],
    ["a nonce in hex", (file) => ((file.offer as never as { nonce: string }).nonce = "0x63"), /^offer\.nonce/],
    ["an empty signature", (file) => (file.signature = "0x"), /^signature must be hex/],
    ["no offer", (file) => delete file.offer, /^offer must be a JSON object$/],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, () => {
      const file = JSON.parse(formatOffer(signed)) as Record<string, unknown>;
      change(file);
      expect(() => parseOffer(JSON.stringify(file))).to.throw(message);
    });
  }

  it("refuses a file that is cut short", () => {
    expect(() => parseOffer(formatOffer(signed).slice(0, 50))).to.throw("not JSON");
  });

  it("refuses a file that is far too long", () => {
    expect(() => parseOffer(" ".repeat(70_000))).to.throw("70000 characters");
  });
});

describe("voucher file", () => {
  const voucher = { leaseId: 12n, amount: 2n ** 96n };

  it("returns what was written, with a signature of the client", async () => {
    const signature = await client.signTypedData(voucherTypedData(domain, voucher));
    const signed: SignedVoucher = { ...domain, voucher, signature };
    expect(parseVoucher(formatVoucher(signed))).to.deep.equal(signed);
    const typedData = voucherTypedData(domain, voucher);
    expect(await recoverTypedDataAddress({ ...typedData, signature })).to.equal(client.address);
  });

  it("refuses an amount with decimals", () => {
    const text = formatVoucher({ ...domain, voucher, signature: "0x01" }).replace(String(2n ** 96n), "1.5");
    expect(() => parseVoucher(text)).to.throw(/^voucher\.amount must be a whole number/);
  });
});
