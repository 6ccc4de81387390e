import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ASSET_KINDS } from "../../contracts/protocol/asset-kind.ts";
import { DISPUTE_OUTCOMES, isClosed, LEASE_STATUSES, SWEEP_OUTCOMES } from "../../contracts/protocol/lease-status.ts";
import { BUYERS, PRIVACY_LEVELS } from "../../contracts/protocol/privacy-level.ts";

const INTERFACES = join(import.meta.dirname, "../../contracts/interfaces");

/** Names of a Solidity enum, in order. */
function enumOf(file: string, name: string): string[] {
  const source = readFileSync(join(INTERFACES, `${file}.sol`), "utf8");
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1];
  if (body === undefined) throw new Error(`${file} has no enum ${name}`);
  return body.split(",").map((word) => word.trim());
}

describe("names of the marketplace", () => {
  it("are those of the contracts, in their order", () => {
    expect(ASSET_KINDS).to.deep.equal(enumOf("INodeListings", "AssetKind"));
    expect(PRIVACY_LEVELS).to.deep.equal(enumOf("INodeListings", "PrivacyLevel"));
    expect(BUYERS).to.deep.equal(enumOf("INodeListings", "Buyer"));
    expect(LEASE_STATUSES).to.deep.equal(enumOf("ILeases", "LeaseStatus"));
    expect(SWEEP_OUTCOMES).to.deep.equal(enumOf("ILeases", "SweepOutcome"));
    expect(DISPUTE_OUTCOMES).to.deep.equal(enumOf("ILeaseDisputes", "Outcome"));
  });

  it("tell which leases are closed", () => {
    expect(LEASE_STATUSES.filter((status) => !isClosed(status))).to.deep.equal(["None", "Pending", "Active"]);
  });
});
