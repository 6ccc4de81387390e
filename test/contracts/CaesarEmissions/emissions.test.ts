import { expect } from "chai";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { connection, deployedNetwork, MESH } from "../support/deployed-network.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;
const BUCKET = 400_000_000n * MESH;
const YEAR = 365n * 86_400n;
const YEARS = 16n;

async function curveOf(start: number, years: number, decayBp: number) {
  const [deployer, other] = await ethers.getSigners();
  const contract = await ethers.deployContract("CaesarEmissions", [deployer.address, start, years, decayBp]);
  return { emissions: typedContract(contract, caesarEmissionsAbi), deployer, other };
}

/** The same curve in other words: exact fractions of decay^y over their sum. */
function publishedShareBefore(year: number): bigint {
  const weight = (y: number): bigint => 8_500n ** BigInt(y) * 10_000n ** (YEARS - BigInt(y));
  const sum = (count: number): bigint => Array.from({ length: count }, (_, y) => weight(y)).reduce((a, b) => a + b, 0n);
  return (BUCKET * sum(year)) / sum(Number(YEARS));
}

async function deployedEmissions() {
  const network = await deployedNetwork();
  const { emissions, timelockSigner, token } = network;
  const { start } = (await emissions.curve()) as { start: bigint };
  const balanceOf = async (address: string): Promise<bigint> => token.balanceOf(address) as Promise<bigint>;
  return { ...network, start, balanceOf, asTimelock: emissions.connect(timelockSigner) };
}

describe("CaesarEmissions: construction and binding", () => {
  it("refuses a curve without years or with more than 20", async () => {
    const factory = await ethers.getContractFactory("CaesarEmissions");
    const [deployer] = await ethers.getSigners();
    for (const years of [0, 21]) {
      await expect(factory.deploy(deployer.address, 1, years, 8_500))
        .to.be.revertedWithCustomError(factory, "CaesarEmissions_InvalidCurve")
        .withArgs(years, 8_500);
    }
  });

  it("refuses a decay of zero or above one", async () => {
    const factory = await ethers.getContractFactory("CaesarEmissions");
    const [deployer] = await ethers.getSigners();
    for (const decayBp of [0, 10_001]) {
      await expect(factory.deploy(deployer.address, 1, 16, decayBp))
        .to.be.revertedWithCustomError(factory, "CaesarEmissions_InvalidCurve")
        .withArgs(16, decayBp);
    }
  });

  it("refuses anybody but the deployer to bind", async () => {
    const { emissions, other } = await curveOf(1, 16, 8_500);
    await expect(emissions.connect(other).bindToken(other.address))
      .to.be.revertedWithCustomError(emissions, "Governed_BindingClosed")
      .withArgs(other.address);
  });

  it("refuses a token without the bucket", async () => {
    const { emissions } = await curveOf(1, 16, 8_500);
    const { token } = await deployedNetwork();
    await expect(emissions.bindToken(await token.getAddress()))
      .to.be.revertedWithCustomError(emissions, "CaesarEmissions_WrongBucket")
      .withArgs(0, BUCKET);
  });

  it("binds once", async () => {
    const { emissions, deployer, token } = await networkHelpers.loadFixture(deployedEmissions);
    expect(await emissions.token(), "token").to.equal(await token.getAddress());
    await expect(emissions.connect(deployer).bindToken(await token.getAddress()))
      .to.be.revertedWithCustomError(emissions, "Governed_BindingClosed")
      .withArgs(deployer.address);
  });
});

describe("CaesarEmissions: setDistributor", () => {
  it("obeys the timelock only", async () => {
    const { emissions, council, deployer } = await networkHelpers.loadFixture(deployedEmissions);
    for (const stranger of [council, deployer]) {
      await expect(emissions.connect(stranger).setDistributor(stranger.address))
        .to.be.revertedWithCustomError(emissions, "Governed_NotTimelock")
        .withArgs(stranger.address, await emissions.timelock());
    }
  });

  it("refuses the zero address", async () => {
    const { emissions, asTimelock } = await networkHelpers.loadFixture(deployedEmissions);
    await expect(asTimelock.setDistributor(ethers.ZeroAddress))
      .to.be.revertedWithCustomError(emissions, "Governed_ZeroAddress")
      .withArgs("distributor");
  });

  it("announces the distributor", async () => {
    const { emissions, asTimelock, alice } = await networkHelpers.loadFixture(deployedEmissions);
    await expect(asTimelock.setDistributor(alice.address))
      .to.emit(emissions, "DistributorSet")
      .withArgs(ethers.ZeroAddress, alice.address);
    expect(await emissions.distributor(), "distributor").to.equal(alice.address);
  });
});

describe("CaesarEmissions: curve", () => {
  it("emits nothing before the start", async () => {
    const { emissions, start } = await networkHelpers.loadFixture(deployedEmissions);
    for (const time of [0n, start - 1n, start]) expect(await emissions.emittedBy(time), `by ${time}`).to.equal(0n);
  });

  it("emits the published share of each year", async () => {
    const { emissions, start } = await networkHelpers.loadFixture(deployedEmissions);
    for (let year = 1; year <= Number(YEARS); year++) {
      const emitted = (await emissions.emittedBy(start + BigInt(year) * YEAR)) as bigint;
      const difference = emitted - publishedShareBefore(year);
      expect(difference * difference <= 1n, `year ${year} to the wei`).to.equal(true);
    }
  });

  it("emits evenly within a year", async () => {
    const { emissions, start } = await networkHelpers.loadFixture(deployedEmissions);
    const at = async (time: bigint): Promise<bigint> => emissions.emittedBy(start + time) as Promise<bigint>;
    const [from, middle, until] = [await at(3n * YEAR), await at((7n * YEAR) / 2n), await at(4n * YEAR)];
    expect(middle, "half of the year").to.equal((from + until) / 2n);
  });

  it("emits the bucket exactly, and never more", async () => {
    const { emissions, start } = await networkHelpers.loadFixture(deployedEmissions);
    const end = start + YEARS * YEAR;
    expect(await emissions.emittedBy(end - 1n), "one second before the end").to.be.lessThan(BUCKET);
    for (const time of [end, end + YEAR, 2n ** 64n - 1n]) {
      expect(await emissions.emittedBy(time), `by ${time}`).to.equal(BUCKET);
    }
  });

  it("emits evenly over all years without decay", async () => {
    const { emissions } = await curveOf(1_000, 20, 10_000);
    expect(await emissions.emittedBy(1_000n + 10n * YEAR), "half of the years").to.equal(BUCKET / 2n);
  });
});

describe("CaesarEmissions: release", () => {
  it("refuses without a distributor", async () => {
    const { emissions } = await networkHelpers.loadFixture(deployedEmissions);
    await expect(emissions.release()).to.be.revertedWithCustomError(emissions, "CaesarEmissions_NoDistributor");
  });

  it("pays what the curve emitted since", async () => {
    const { emissions, asTimelock, faucet, start, balanceOf } = await networkHelpers.loadFixture(deployedEmissions);
    await asTimelock.setDistributor(faucet.address);
    for (const time of [start + YEAR / 3n, start + 2n * YEAR + 7n]) {
      await networkHelpers.time.setNextBlockTimestamp(time);
      await emissions.release();
      expect(await balanceOf(faucet.address), `paid by ${time}`).to.equal(await emissions.emittedBy(time));
      expect(await emissions.released(), `released by ${time}`).to.equal(await emissions.emittedBy(time));
    }
  });

  it("pays nothing twice", async () => {
    const { emissions, asTimelock, faucet, start, balanceOf } = await networkHelpers.loadFixture(deployedEmissions);
    await asTimelock.setDistributor(faucet.address);
    await networkHelpers.time.increaseTo(start + YEARS * YEAR);
    await emissions.release();
    await expect(emissions.release()).not.to.emit(emissions, "EmissionsReleased");
    expect(await balanceOf(faucet.address), "paid").to.equal(BUCKET);
  });

  it("pays later emissions to a new distributor", async () => {
    const { emissions, asTimelock, faucet, team, start, balanceOf } =
      await networkHelpers.loadFixture(deployedEmissions);
    await asTimelock.setDistributor(faucet.address);
    await networkHelpers.time.setNextBlockTimestamp(start + YEAR);
    await emissions.release();
    await asTimelock.setDistributor(team.address);
    await networkHelpers.time.setNextBlockTimestamp(start + 2n * YEAR);
    await emissions.release();
    const first = (await emissions.emittedBy(start + YEAR)) as bigint;
    expect(await balanceOf(faucet.address), "first distributor").to.equal(first);
    expect(await balanceOf(team.address), "second distributor").to.equal(
      ((await emissions.emittedBy(start + 2n * YEAR)) as bigint) - first,
    );
  });

  it("empties the bucket to the wei", async () => {
    const { emissions, asTimelock, faucet, start, balanceOf } = await networkHelpers.loadFixture(deployedEmissions);
    await asTimelock.setDistributor(faucet.address);
    for (let year = 0n; year <= YEARS; year++) {
      await networkHelpers.time.setNextBlockTimestamp(start + year * YEAR + 12_345n);
      await emissions.release();
    }
    expect(await balanceOf(faucet.address), "paid").to.equal(BUCKET);
    expect(await balanceOf(await emissions.getAddress()), "left").to.equal(0n);
  });
});
