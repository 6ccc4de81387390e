import { expect } from "chai";
import { hexlify, keccak256, toUtf8Bytes } from "ethers";
import { attestationKey } from "../support/attestation-key.ts";
import { networkWithRelayers } from "../support/bonded-relayers.ts";
import { connection, deployedNetwork, MIN_BOND, passEpochs, setParameter } from "../support/deployed-network.ts";

const { networkHelpers } = connection;
const RELEASE_SECONDS = 120;
const NOTICE_SECONDS = 60;
const KEY = attestationKey("relayer");
const ENDPOINT = "https://relayer.example";

describe("RelayerCommittee: bond", () => {
  it("takes the bond and publishes key and endpoint", async () => {
    const { committee, token, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await expect(committee.connect(alice).bond(MIN_BOND, KEY, ENDPOINT))
      .to.emit(committee, "RelayerBonded")
      .withArgs(alice.address, MIN_BOND, MIN_BOND, hexlify(KEY), ENDPOINT);
    const record = [MIN_BOND, 0n, false, keccak256(KEY), 0n, 0n, 0n];
    expect(await committee.relayerOf(alice.address), "relayer").to.deep.equal(record);
    expect(await committee.totalBonded(), "total bonded").to.equal(MIN_BOND);
    expect(await token.balanceOf(await committee.getAddress()), "tokens held").to.equal(MIN_BOND);
  });

  it("adds to the bond and replaces the endpoint", async () => {
    const { committee, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await committee.connect(alice).bond(MIN_BOND, KEY, ENDPOINT);
    await expect(committee.connect(alice).bond(5n, "0x", "https://moved.example"))
      .to.emit(committee, "RelayerBonded")
      .withArgs(alice.address, 5n, MIN_BOND + 5n, "0x", "https://moved.example");
    expect((await committee.relayerOf(alice.address)).bond, "bond").to.equal(MIN_BOND + 5n);
  });

  it("refuses to replace the key", async () => {
    const { committee, alice } = await networkHelpers.loadFixture(deployedNetwork);
    await committee.connect(alice).bond(MIN_BOND, KEY, ENDPOINT);
    await expect(committee.connect(alice).bond(1n, attestationKey("other"), ENDPOINT))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_KeyFixed")
      .withArgs(alice.address);
  });

  it("refuses to add nothing to a bond", async () => {
    const { committee, alice } = await networkHelpers.loadFixture(deployedNetwork);
    for (const key of [KEY, new Uint8Array()]) {
      await expect(committee.connect(alice).bond(0, key, ENDPOINT)).to.be.revertedWithCustomError(
        committee,
        "RelayerCommittee_ZeroAmount",
      );
    }
  });

  it("refuses a key of another length or a degenerate one", async () => {
    const { committee, alice } = await networkHelpers.loadFixture(deployedNetwork);
    for (const key of [new Uint8Array(), KEY.subarray(1)]) {
      await expect(committee.connect(alice).bond(MIN_BOND, key, ENDPOINT))
        .to.be.revertedWithCustomError(committee, "RelayerCommittee_KeyLength")
        .withArgs(key.length, 1_952);
    }
    for (const key of [attestationKey("zeros").fill(0, 32), attestationKey("ones").fill(255, 32)]) {
      await expect(committee.connect(alice).bond(MIN_BOND, key, ENDPOINT)).to.be.revertedWithCustomError(
        committee,
        "RelayerCommittee_DegenerateKey",
      );
    }
  });

  it("refuses an endpoint that is empty or too long", async () => {
    const { committee, alice } = await networkHelpers.loadFixture(deployedNetwork);
    for (const endpoint of ["", "x".repeat(257)]) {
      await expect(committee.connect(alice).bond(MIN_BOND, KEY, endpoint))
        .to.be.revertedWithCustomError(committee, "RelayerCommittee_EndpointLength")
        .withArgs(endpoint.length, 256);
    }
  });

  it("refuses a bond the relayer does not have", async () => {
    const { committee, token, faucet } = await networkHelpers.loadFixture(deployedNetwork);
    await expect(committee.connect(faucet).bond(MIN_BOND, KEY, ENDPOINT)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
  });
});

describe("RelayerCommittee: setEndpoint", () => {
  it("publishes the new endpoint", async () => {
    const { committee, relayers } = await networkHelpers.loadFixture(networkWithRelayers);
    await expect(committee.connect(relayers[0]).setEndpoint(ENDPOINT))
      .to.emit(committee, "EndpointSet")
      .withArgs(relayers[0].address, ENDPOINT);
  });

  it("refuses an endpoint without length limits", async () => {
    const { committee, relayers } = await networkHelpers.loadFixture(networkWithRelayers);
    const longest = "x".repeat(256);
    await committee.connect(relayers[0]).setEndpoint(longest);
    await expect(committee.connect(relayers[0]).setEndpoint(`${longest}x`))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_EndpointLength")
      .withArgs(toUtf8Bytes(longest).length + 1, 256);
  });

  it("refuses unknown relayers", async () => {
    const { committee, faucet } = await networkHelpers.loadFixture(networkWithRelayers);
    await expect(committee.connect(faucet).setEndpoint(ENDPOINT))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_UnknownRelayer")
      .withArgs(faucet.address);
  });
});

describe("RelayerCommittee: bond release", () => {
  async function networkWithRequest() {
    const network = await networkWithRelayers();
    const leaving = network.relayers[0];
    await network.committee.connect(leaving).requestBondRelease();
    return { ...network, leaving, releaseAt: (await networkHelpers.time.latest()) + RELEASE_SECONDS };
  }

  it("pays the bond after the release delay", async () => {
    const { committee, token, leaving, releaseAt } = await networkHelpers.loadFixture(networkWithRequest);
    const before = (await token.balanceOf(leaving.address)) as bigint;
    await networkHelpers.time.setNextBlockTimestamp(releaseAt);
    await expect(committee.connect(leaving).withdrawBond())
      .to.emit(committee, "BondWithdrawn")
      .withArgs(leaving.address, MIN_BOND);
    expect((await token.balanceOf(leaving.address)) - before, "paid").to.equal(MIN_BOND);
    expect(await committee.totalBonded(), "total bonded").to.equal(3n * MIN_BOND);
  });

  it("refuses to pay before the release delay", async () => {
    const { committee, leaving, releaseAt } = await networkHelpers.loadFixture(networkWithRequest);
    await networkHelpers.time.setNextBlockTimestamp(releaseAt - 1);
    await expect(committee.connect(leaving).withdrawBond())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotReleased")
      .withArgs(releaseAt, releaseAt - 1);
  });

  it("refuses to pay what was not requested", async () => {
    const { committee, relayers } = await networkHelpers.loadFixture(networkWithRequest);
    await expect(committee.connect(relayers[1]).withdrawBond())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NoReleaseRequested")
      .withArgs(relayers[1].address);
  });

  it("refuses a second request", async () => {
    const { committee, leaving, releaseAt } = await networkHelpers.loadFixture(networkWithRequest);
    await expect(committee.connect(leaving).requestBondRelease())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_AlreadyReleasing")
      .withArgs(leaving.address, releaseAt);
  });

  it("lets the relayer come back with the same key", async () => {
    const { committee, leaving } = await networkHelpers.loadFixture(networkWithRequest);
    await networkHelpers.time.increase(RELEASE_SECONDS);
    await committee.connect(leaving).withdrawBond();
    await committee.connect(leaving).bond(MIN_BOND, "0x", ENDPOINT);
    const { bond, mldsaKeyHash, releaseAt } = await committee.relayerOf(leaving.address);
    expect([bond, mldsaKeyHash, releaseAt], "relayer").to.deep.equal([
      MIN_BOND,
      keccak256(attestationKey(leaving.address)),
      0n,
    ]);
  });
});

describe("RelayerCommittee: leaving a seat", () => {
  async function networkWithCommittee() {
    const network = await networkWithRelayers();
    await network.committee.connect(network.timelockSigner).setCommittee(network.seats);
    await passEpochs(network, 2);
    return { ...network, leaving: network.relayers[1] };
  }

  async function networkWithResignation() {
    const network = await networkWithCommittee();
    await network.committee.connect(network.leaving).resign();
    return { ...network, vacatableAt: (await networkHelpers.time.latest()) + NOTICE_SECONDS };
  }

  it("refuses to release the bond of a seat in force", async () => {
    const { committee, timelockSigner, seats, leaving } = await networkHelpers.loadFixture(networkWithCommittee);
    await committee.connect(timelockSigner).setCommittee(seats.filter((seat) => seat !== leaving.address));
    await expect(committee.connect(leaving).requestBondRelease())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Seated")
      .withArgs(leaving.address, 1);
  });

  it("refuses to release the bond of a seat to come", async () => {
    const network = await networkHelpers.loadFixture(networkWithCommittee);
    const { committee, timelockSigner, seats, leaving } = network;
    await committee.connect(timelockSigner).setCommittee(seats.filter((seat) => seat !== leaving.address));
    await passEpochs(network, 2);
    await committee.connect(timelockSigner).setCommittee(seats);
    await expect(committee.connect(leaving).requestBondRelease())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Seated")
      .withArgs(leaving.address, 3);
  });

  it("announces when the seat can be vacated", async () => {
    const { committee, leaving } = await networkHelpers.loadFixture(networkWithCommittee);
    const sent = await committee.connect(leaving).resign();
    const vacatableAt = (await networkHelpers.time.latest()) + NOTICE_SECONDS;
    await expect(sent).to.emit(committee, "RelayerResigned").withArgs(leaving.address, vacatableAt);
  });

  it("refuses to resign twice", async () => {
    const { committee, leaving, vacatableAt } = await networkHelpers.loadFixture(networkWithResignation);
    await expect(committee.connect(leaving).resign())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_AlreadyResigned")
      .withArgs(leaving.address, vacatableAt);
  });

  it("refuses to resign without a seat", async () => {
    const { committee, relayers } = await networkHelpers.loadFixture(networkWithRelayers);
    await expect(committee.connect(relayers[0]).resign())
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotSeated")
      .withArgs(relayers[0].address);
  });

  it("refuses to vacate a seat before the notice is over", async () => {
    const { committee, leaving, vacatableAt } = await networkHelpers.loadFixture(networkWithResignation);
    await networkHelpers.time.setNextBlockTimestamp(vacatableAt - 1);
    await expect(committee.vacateSeat(leaving.address))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NoticeNotOver")
      .withArgs(vacatableAt, vacatableAt - 1);
  });

  it("refuses to vacate a seat without a notice", async () => {
    const { committee, relayers } = await networkHelpers.loadFixture(networkWithCommittee);
    await expect(committee.vacateSeat(relayers[0].address))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotResigned")
      .withArgs(relayers[0].address);
  });

  it("refuses to vacate a seat the DAO gave away", async () => {
    const network = await networkHelpers.loadFixture(networkWithResignation);
    const { committee, timelockSigner, seats, leaving } = network;
    await committee.connect(timelockSigner).setCommittee(seats.filter((seat) => seat !== leaving.address));
    await networkHelpers.time.increase(NOTICE_SECONDS);
    await expect(committee.vacateSeat(leaving.address))
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_NotSeated")
      .withArgs(leaving.address);
  });

  it("vacates the seat and keeps the others", async () => {
    const network = await networkHelpers.loadFixture(networkWithResignation);
    const { committee, seats, leaving } = network;
    await networkHelpers.time.increase(NOTICE_SECONDS);
    const remaining = seats.filter((seat) => seat !== leaving.address);
    const sent = await committee.connect(network.faucet).vacateSeat(leaving.address);
    const from = ((await committee.currentEpoch()) as bigint) + 2n;
    await expect(sent).to.emit(committee, "CommitteeSet").withArgs(2, from, remaining);
    expect(await committee.membersOf(2), "members").to.deep.equal(remaining);
    await expect(committee.connect(network.relayers[0]).requestBondRelease(), "the others stay seated")
      .to.be.revertedWithCustomError(committee, "RelayerCommittee_Seated")
      .withArgs(network.relayers[0].address, 2);
  });

  it("releases the bond without the DAO", async () => {
    const network = await networkHelpers.loadFixture(networkWithResignation);
    const { committee, token, leaving } = network;
    const before = (await token.balanceOf(leaving.address)) as bigint;
    await networkHelpers.time.increase(NOTICE_SECONDS);
    await committee.connect(leaving).vacateSeat(leaving.address);
    await passEpochs(network, 2);
    await committee.connect(leaving).requestBondRelease();
    await networkHelpers.time.increase(RELEASE_SECONDS);
    await committee.connect(leaving).withdrawBond();
    expect((await token.balanceOf(leaving.address)) - before, "paid").to.equal(MIN_BOND);
  });

  it("dissolves a committee that would fall below its minimum", async () => {
    const network = await networkHelpers.loadFixture(networkWithCommittee);
    const { committee, timelockSigner, relayers, seats, leaving } = network;
    await setParameter(network, "committeeMinSeats", BigInt(seats.length));
    await committee.connect(leaving).resign();
    await networkHelpers.time.increase(NOTICE_SECONDS);
    await committee.vacateSeat(leaving.address);
    expect(await committee.membersOf(2), "members").to.deep.equal([]);
    await passEpochs(network, 2);
    await committee.connect(relayers[0]).requestBondRelease();
    const others = seats.filter((seat) => seat !== leaving.address && seat !== relayers[0].address);
    await setParameter(network, "committeeMinSeats", 1n);
    await committee.connect(timelockSigner).setCommittee(others);
    expect(await committee.membersOf(3), "members of the next one").to.deep.equal(others);
  });

  it("vacates even the last seat", async () => {
    const network = await networkHelpers.loadFixture(networkWithRelayers);
    const { committee, timelockSigner, relayers, seats } = network;
    await committee.connect(timelockSigner).setCommittee(seats.slice(0, 1));
    await committee.connect(relayers[0]).resign();
    await networkHelpers.time.increase(NOTICE_SECONDS);
    await committee.vacateSeat(seats[0]);
    await passEpochs(network, 2);
    const epoch = (await committee.currentEpoch()) as bigint;
    expect(await committee.committeeFor(epoch), "committee").to.deep.equal([2n, "0x"]);
    expect(await committee.quorumOf(2), "quorum of no seats").to.equal(1n);
  });
});
