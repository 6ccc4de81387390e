import { expect } from "chai";
import { id, toBeHex, ZeroAddress, zeroPadValue } from "ethers";
import { bondRelayer } from "../support/bonded-relayers.ts";
import { connection, deployedNetwork, MIN_BOND } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const SEATS = 100;
/** EIP-7825: the most a transaction may use. */
const TRANSACTION_GAS_CAP = 16_777_216n;
/** What the dearest proof takes besides: a leaf's signature checked from the raw key. */
const PROOF_GAS = 4_400_000n;

/** A committee of a hundred, and a signer in the place of the contract that judges leaves. */
async function largestCommittee() {
  const network = await deployedNetwork();
  const { committee, token, timelockSigner, deployment } = network;
  const seats: string[] = [];
  for (let i = 1; i <= SEATS; i++) {
    const member = await ethers.getImpersonatedSigner(zeroPadValue(toBeHex(0x10000 + i), 20));
    await networkHelpers.setBalance(member.address, 10n ** 18n);
    await token.connect(timelockSigner).transfer(member.address, MIN_BOND);
    await token.connect(member).approve(await committee.getAddress(), MIN_BOND);
    await bondRelayer(network, member);
    seats.push(member.address);
  }
  await committee.connect(timelockSigner).setCommittee(seats);
  const judge = await ethers.getImpersonatedSigner(deployment.contracts.AttestationDisputes);
  await networkHelpers.setBalance(judge.address, 10n ** 18n);
  return { ...network, seats, judge };
}

describe("RelayerCommittee: gas of punishing a committee of a hundred", () => {
  for (const [who, count] of [
    ["a quorum of 67", 67],
    ["all members", SEATS],
  ] as const) {
    it(`punishes ${who} in one transaction, beside the dearest proof`, async () => {
      const { committee, seats, judge } = await networkHelpers.loadFixture(largestCommittee);
      const members = seats.slice(0, count);
      const order = { offence: id("forged"), members, shareBp: 200n, reporter: ZeroAddress, isProven: false };
      const sent = await committee.connect(judge).punish(order);
      const { gasUsed } = (await sent.wait())!;
      expect(gasUsed + PROOF_GAS < TRANSACTION_GAS_CAP / 2n, `${gasUsed} gas`).to.equal(true);
      expect(await committee.membersOf(2), "who is left").to.deep.equal(seats.slice(count));
      expect(await committee.totalFrozen(), "frozen").to.equal((BigInt(count) * MIN_BOND * 200n) / 10_000n);
    });
  }
});
