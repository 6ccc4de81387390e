import { expect } from "chai";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { connection, deployedNetwork, MESH, setParameter } from "../support/deployed-network.ts";
import { deployTable } from "../support/parameter-table.ts";
import { typedContract } from "../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;
const BUCKET = 400_000_000n * MESH;
const YEAR = 365n * 86_400n;
const YEARS = 16n;

async function curveOf(start: number, years: number, decayBp: number) {
  const [deployer, other] = await ethers.getSigners();
  const { table } = await deployTable([{ id: "emissionPaceBp", value: 10_000n, max: 10_000n }]);
  const contract = await ethers.deployContract("CaesarEmissions", [deployer.address, table, start, years, decayBp]);
  return { emissions: typedContract(contract, caesarEmissionsAbi), deployer, other };
}

/** The same curve in other words: exact fractions of decay^y over their sum. */
function publishedShareBefore(year: number): bigint {
  const weight = (y: number): bigint => 8_500n ** BigInt(y) * 10_000n ** (YEARS - BigInt(y));
  const sum = (count: number): bigint => Array.from({ length: count }, (_, y) => weight(y)).reduce((a, b) => a + b, 0n);
  return (BUCKET * sum(year)) / sum(Number(YEARS));
}

/** Emissions with the faucet's wallet as distributor. */
async function deployedEmissions() {
  const network = await deployedNetwork();
  const { emissions, timelockSigner, token, faucet } = network;
  await emissions.connect(timelockSigner).setDistributor(faucet.address);
  const { start } = (await emissions.curve()) as { start: bigint };
  const balanceOf = async (address: string): Promise<bigint> => token.balanceOf(address) as Promise<bigint>;
  const asDistributor = emissions.connect(faucet);
  return { ...network, start, balanceOf, asTimelock: emissions.connect(timelockSigner), asDistributor };
}

/** Accrues the whole time up to a moment, at that moment. */
async function accrueAt({ asDistributor }: Awaited<ReturnType<typeof deployedEmissions>>, time: bigint) {
  await networkHelpers.time.setNextBlockTimestamp(time);
  return asDistributor.accrue(time, time);
}

describe("CaesarEmissions: construction and binding", () => {
  it("refuses a curve without years or with more than 20", async () => {
    const factory = await ethers.getContractFactory("CaesarEmissions");
    const [deployer] = await ethers.getSigners();
    for (const years of [0, 21]) {
      await expect(factory.deploy(deployer.address, deployer.address, 1, years, 8_500))
        .to.be.revertedWithCustomError(factory, "CaesarEmissions_InvalidCurve")
        .withArgs(years, 8_500);
    }
  });

  it("refuses a decay of zero or above one", async () => {
    const factory = await ethers.getContractFactory("CaesarEmissions");
    const [deployer] = await ethers.getSigners();
    for (const decayBp of [0, 10_001]) {
      await expect(factory.deploy(deployer.address, deployer.address, 1, 16, decayBp))
        .to.be.revertedWithCustomError(factory, "CaesarEmissions_InvalidCurve")
        .withArgs(16, decayBp);
    }
  });

  it("announces the curve", async () => {
    const [deployer] = await ethers.getSigners();
    const arguments_ = [deployer.address, deployer.address, 1_000, 16, 8_500];
    const emissions = await ethers.deployContract("CaesarEmissions", arguments_);
    await expect(emissions.deploymentTransaction()).to.emit(emissions, "CurveSet").withArgs(1_000, 16, 8_500);
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
    const { emissions, asTimelock, alice, faucet } = await networkHelpers.loadFixture(deployedEmissions);
    await expect(asTimelock.setDistributor(alice.address))
      .to.emit(emissions, "DistributorSet")
      .withArgs(faucet.address, alice.address);
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

describe("CaesarEmissions: accrue", () => {
  it("credits what the curve emitted since", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, faucet, start } = network;
    for (const time of [start + YEAR / 3n, start + 2n * YEAR + 7n]) {
      await accrueAt(network, time);
      expect(await emissions.creditOf(faucet.address), `credit at ${time}`).to.equal(await emissions.emittedBy(time));
      expect(await emissions.emitted(), `emitted at ${time}`).to.equal(await emissions.emittedBy(time));
      expect(await emissions.progress(), `progress at ${time}`).to.deep.equal([time, time - start]);
    }
  });

  it("credits the bucket to the wei, and nothing after it", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, faucet, start } = network;
    for (let year = 0n; year <= YEARS; year++) await accrueAt(network, start + year * YEAR + 12_345n);
    expect(await emissions.creditOf(faucet.address), "credit").to.equal(BUCKET);
    await accrueAt(network, start + 30n * YEAR);
    expect(await emissions.emitted(), "emitted").to.equal(BUCKET);
  });

  it("holds the clock while nothing worked", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, asDistributor, start } = network;
    await networkHelpers.time.setNextBlockTimestamp(start + YEAR);
    await asDistributor.accrue(start + YEAR, 0);
    expect(await emissions.emitted(), "after a year without nodes").to.equal(0n);
    await networkHelpers.time.setNextBlockTimestamp(start + 2n * YEAR);
    await asDistributor.accrue(start + 2n * YEAR, YEAR / 2n);
    expect(await emissions.emitted(), "after half a year").to.equal(await emissions.emittedBy(start + YEAR / 2n));
  });

  it("counts no second twice, and none that lies ahead", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, asDistributor, start } = network;
    await accrueAt(network, start + YEAR);
    await networkHelpers.time.setNextBlockTimestamp(start + YEAR + 10n);
    await asDistributor.accrue(start + YEAR + 10n, 1_000n);
    expect(await emissions.emitted(), "ten seconds more").to.equal(await emissions.emittedBy(start + YEAR + 10n));
    await networkHelpers.time.setNextBlockTimestamp(start + YEAR + 20n);
    await expect(asDistributor.accrue(start + YEAR + 9n, 1n)).not.to.emit(emissions, "EmissionsAccrued");
    expect(await emissions.emitted(), "nothing twice").to.equal(await emissions.emittedBy(start + YEAR + 10n));
    await networkHelpers.time.setNextBlockTimestamp(start + YEAR + 30n);
    await expect(asDistributor.accrue(start + YEAR + 31n, 1n))
      .to.be.revertedWithCustomError(emissions, "CaesarEmissions_InvalidTime")
      .withArgs(start + YEAR + 31n, start + YEAR + 10n, start + YEAR + 30n);
  });

  it("slows down with the pace, but never for the past", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, start } = network;
    await networkHelpers.time.increaseTo(start + 1_000n);
    await setParameter(network, "emissionPaceBp", 5_000n);
    await accrueAt(network, start + 2_000n);
    expect(await emissions.emitted(), "before the change").to.equal(await emissions.emittedBy(start + 2_000n));
    await accrueAt(network, start + 4_000n);
    expect(await emissions.emitted(), "at half the pace").to.equal(await emissions.emittedBy(start + 3_000n));
  });

  it("obeys the distributor only", async () => {
    const { emissions, mallory, faucet, start } = await networkHelpers.loadFixture(deployedEmissions);
    await expect(emissions.connect(mallory).accrue(start + 1n, 1n))
      .to.be.revertedWithCustomError(emissions, "CaesarEmissions_NotDistributor")
      .withArgs(mallory.address, faucet.address);
  });
});

describe("CaesarEmissions: release", () => {
  it("pays from the credit and no more", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, asDistributor, faucet, alice, start, balanceOf } = network;
    await accrueAt(network, start + YEAR);
    const credit = (await emissions.creditOf(faucet.address)) as bigint;
    const before = await balanceOf(alice.address);
    await expect(asDistributor.release(alice.address, 5n))
      .to.emit(emissions, "EmissionsReleased")
      .withArgs(faucet.address, alice.address, 5n, credit - 5n);
    expect((await balanceOf(alice.address)) - before, "paid").to.equal(5n);
    expect(await emissions.released(), "released").to.equal(5n);
    await expect(asDistributor.release(alice.address, credit))
      .to.be.revertedWithCustomError(emissions, "CaesarEmissions_InsufficientCredit")
      .withArgs(faucet.address, credit, credit - 5n);
  });

  it("leaves an earlier distributor its credit", async () => {
    const network = await networkHelpers.loadFixture(deployedEmissions);
    const { emissions, asTimelock, asDistributor, alice, faucet, start } = network;
    await accrueAt(network, start + YEAR);
    const credit = (await emissions.creditOf(faucet.address)) as bigint;
    await asTimelock.setDistributor(alice.address);
    await asTimelock.setDistributor(faucet.address);
    await asTimelock.setDistributor(alice.address);
    await asDistributor.release(faucet.address, credit);
    expect(await emissions.creditOf(alice.address), "credit of the new one").to.equal(0n);
    await networkHelpers.time.setNextBlockTimestamp(start + 2n * YEAR);
    await emissions.connect(alice).accrue(start + 2n * YEAR, YEAR);
    const second = ((await emissions.emittedBy(start + 2n * YEAR)) as bigint) - credit;
    expect(await emissions.creditOf(alice.address), "credit of the second year").to.equal(second);
    expect(await emissions.released(), "released").to.equal(credit);
  });
});
