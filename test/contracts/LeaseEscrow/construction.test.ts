import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, deployedNetwork } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;

/** Addresses that contracts of leases are built from, in order, by the name that a refusal gives them. */
async function constructions(): Promise<Record<string, Record<string, string>>> {
  const network = await networkHelpers.loadFixture(deployedNetwork);
  const names = ["bridge", "registry", "parameters", "listings", "timelock", "escrow"] as const;
  const at = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await network[name].getAddress()] as const)),
  ) as Record<(typeof names)[number], string>;
  const { bridge, registry, parameters, listings, timelock, escrow } = at;
  const agreements = (await network.escrow.agreements()) as string;
  return {
    NodeListings: { registry, bridge, parameters },
    LeaseAgreements: { bridge, registry, parameters, listings, timelock },
    LeaseEscrow: { bridge, registry, parameters, listings, agreements, timelock },
    LeaseDisputes: { escrow, registry, parameters, timelock },
    LeaseVouchers: { escrow },
  };
}

describe("Contracts of leases: construction", () => {
  it("refuses to be built without any contract but the bridge, which it asks at once", async () => {
    for (const [contract, addresses] of Object.entries(await constructions())) {
      await ethers.deployContract(contract, Object.values(addresses));
      for (const missing of Object.keys(addresses)) {
        const built = ethers.deployContract(contract, Object.values({ ...addresses, [missing]: ZeroAddress }));
        const refused = await built.then(
          () => "nothing",
          (error: Error) => error.message,
        );
        const reason = missing === "bridge" ? "revert" : `Governed_ZeroAddress("${missing}")`;
        expect(refused, `${contract} without ${missing}`).to.include(reason);
      }
    }
  });

  it("refuses to be bound to nothing", async () => {
    const { LeaseEscrow = {}, NodeListings = {} } = await constructions();
    const escrow = await ethers.deployContract("LeaseEscrow", Object.values(LeaseEscrow));
    const other = await escrow.getAddress();
    for (const [name, args] of [
      ["disputes", [ZeroAddress, other]],
      ["vouchers", [other, ZeroAddress]],
    ] as const) {
      await expect(escrow.getFunction("bind")(...args))
        .to.be.revertedWithCustomError(escrow, "Governed_ZeroAddress")
        .withArgs(name);
    }
    const listings = await ethers.deployContract("NodeListings", Object.values(NodeListings));
    await expect(listings.getFunction("bindEscrow")(ZeroAddress))
      .to.be.revertedWithCustomError(listings, "Governed_ZeroAddress")
      .withArgs("escrow");
  });

  it("tells what it is bound to", async () => {
    const { escrow, listings, leaseDisputes, vouchers } = await networkHelpers.loadFixture(deployedNetwork);
    expect(await escrow.listings(), "listings").to.equal(await listings.getAddress());
    expect(await escrow.disputes(), "disputes").to.equal(await leaseDisputes.getAddress());
    expect(await escrow.vouchers(), "vouchers").to.equal(await vouchers.getAddress());
  });
});
