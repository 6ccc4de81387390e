import { acceptReport, disputedNetwork, goToEpoch, HORIZON } from "../../disputes/support/dispute-fixture.ts";
import { MESH } from "../../support/deployed-network.ts";

/** Epochs of a word. */
export const WORD = 256;
/** What mallory has delegated to node 0 in {@link twoFinalWords}, in MESH wei. */
export const DELEGATED = 7_000n * MESH + 123_456_789n;
/** Epochs that are reported, in two words; all others are passed over. */
export const REPORTED = [
  { from: 20, until: 44 },
  { from: 260, until: 284 },
];
/** Nodes that a report names absent, by epoch. */
export const ABSENT = new Map([
  [23, [0]],
  [24, [0, 1]],
  [40, [2]],
  [262, [0]],
  [270, [1]],
]);

/** The deployed network with a delegation, whose words 0 and 1 are reported, over, final and closed. */
export async function twoFinalWords() {
  const network = await disputedNetwork();
  const { delegation, rewards, alice, mallory } = network;
  await delegation.connect(alice).setCommission(0, 700);
  await delegation.connect(mallory).delegate(0, DELEGATED, 0n);
  for (const { from, until } of REPORTED) {
    for (let epoch = from; epoch < until; epoch++) {
      await acceptReport(network, { epoch, leaves: new Map(), absent: ABSENT.get(epoch) ?? [] });
    }
  }
  await goToEpoch(network, 2 * WORD + HORIZON);
  await rewards.connect(mallory).closeWords(10);
  return network;
}
