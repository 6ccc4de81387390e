/** MESH wei. */
export const MESH = 10n ** 18n;
/** Seconds. */
export const DAY = 86_400;

/** What the DAO pays to the attacker when a captured proposal is executed, or what blocking a proposal is worth: MESH. */
export const PRIZE = 2_000_000;
/** What stake earns in a year: share of it. The attacker's MESH could have earned it too. */
export const YIELD = 0.08;
/** What an identity wants for its vote: share of its stake and locked MESH. */
export const BRIBE = 0.05;
/** MESH for one ether, and ether for a unit of gas. */
export const MESH_PER_ETHER = 10_000;
export const ETHER_PER_GAS = 20e-9;
/** Seconds in which an identity that was silent answers a turn of the vote. */
export const ANSWER_TIME = 12 * 3_600;

/** Shares of units, and of free MESH, that vote against an attack: the least and the most that worlds are drawn from. */
export const AWAKE = { identities: [0.25, 0.6], tokens: [0.2, 0.4] } as const;

/** Honest people of a population. */
export const PEOPLE = { operators: 16, voters: 12, holders: 16 } as const;
/** Free MESH of the honest holders, and of an attacker who gives up the token house as won. */
export const FREE_MESH = 12_000_000;
export const ATTACKER_MESH = 6_000_000;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const range = ([least, most]: readonly [number, number]): string => `${Math.round(least * 100)}-${percent(most)}`;
const amount = (mesh: number): string => mesh.toLocaleString("en");

/** What the figures rest on, as sentences. */
export const ASSUMPTIONS = [
  `A success is worth ${amount(PRIZE)} MESH: a payment of the treasury that is really made, or a proposal blocked.`,
  `Stake earns ${percent(YIELD)} a year, which MESH that attacks does not; fake operators run no node.`,
  `A population has ${PEOPLE.operators} operators with 10,000 to 160,000 MESH, ${PEOPLE.voters} voters with 500 to 20,000 ` +
    `locked, and ${PEOPLE.holders} holders who share ${amount(FREE_MESH)} free MESH; sizes are drawn by seed.`,
  `Against an attack vote ${range(AWAKE.identities)} of the honest units and ${range(AWAKE.tokens)} of the free MESH of honest ` +
    "holders: each world has its own two shares, spread evenly over the ranges. All others sleep.",
  `Who is awake votes at once, but against late_swing 10 % of the units; the others answer the turn within ${ANSWER_TIME / 3_600} hours.`,
  "Whoever attacks the identity house by sybil, flash_stake, late_swing or operator_and_holder has won the token house already, " +
    `with ${amount(ATTACKER_MESH)} free MESH of its own. Whoever bribes buys the identity house, and the token house is awake.`,
  `An identity sells its vote for ${percent(BRIBE)} of its stake and locked MESH.`,
  `Gas costs ${ETHER_PER_GAS * 1e9} gwei, an ether ${amount(MESH_PER_ETHER)} MESH.`,
  "The guardian cancels nothing, and the approver approves whatever was voted for: both only make attacks harder.",
];
