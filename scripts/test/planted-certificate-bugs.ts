import type { PlantedBug } from "./planted-bug.ts";

const authorities = "CertificateAuthorities.sol";
const registry = "CertificateRegistry.sol";
const state = "CertificateState.sol";
const log = "libraries/MerkleLog.sol";

/** Bugs of certificates, their authorities and their log, each with the tests that must find it. */
export const PLANTED_CERTIFICATE_BUGS: PlantedBug[] = [
  {
    round: 21,
    bug: "a second rotation moves the end of an overlap later",
    file: registry,
    from: "if (word.revokedAtOf() != 0) revert CertificateRegistry_AlreadyRevoked(replaced, word.revokedAtOf());",
    to: "",
    found: ["CertificateRegistryTest.invariant_revocationIsMonotone"],
  },
  {
    round: 21,
    bug: "a taint can be moved later",
    file: authorities,
    from: "(state.taintedFrom == 0 || taintedFrom <= state.taintedFrom) &&",
    to: "taintedFrom != 0 &&",
    found: ["CertificateRegistryTest.invariant_authoritiesOnlyFall"],
  },
  {
    round: 21,
    bug: "the log forgets what was left over at a level",
    file: log,
    from: "if ((count & 1 == 1) != joins) frontier.nodes[level] = leaves[count - 1];",
    to: "if (count & 1 == 1) frontier.nodes[level] = leaves[count - 1];",
    found: ["MerkleLogTest.test_appendsBatchesAsOneByOne"],
  },
  {
    round: 22,
    bug: "what an authority on hold issued stays good",
    file: state,
    from: "if (state.holdLevel != 0 || block.timestamp > state.notAfter",
    to: "if (block.timestamp > state.notAfter",
    found: [
      "CertificateRegistryTest.invariant_statusFollowsFromTheWholePath",
      "CertificateRegistryTest.invariant_authoritiesOnlyFall",
    ],
  },
  {
    round: 22,
    bug: "votes do not hear of an authority's end",
    file: authorities,
    from: "        state.reason = reason;\n        ++_version;\n",
    to: "        state.reason = reason;\n",
    found: ["CertificateRegistryTest.invariant_identitiesAreCertified"],
  },
  {
    round: 22,
    bug: "a log that was rewritten continues the old one",
    file: log,
    from: "return last == 0 && oldNode == oldRoot && newNode == newRoot;",
    to: "return last == 0 && newNode == newRoot;",
    found: ["MerkleLogTest.test_refusesAHistoryThatWasRewritten"],
  },
  {
    round: 23,
    bug: "any authority ends the votes by another one's certificate",
    file: registry,
    from: "if (present.kindOf() == issuance.kind && _isKept(present)) return;",
    to: "if (present.kindOf() == issuance.kind && issuance.serial == 0) return;",
    found: ["CertificateRegistryTest.invariant_certifiedAreHeard"],
  },
  {
    round: 23,
    bug: "a node whose certificate is revoked earns on",
    file: state,
    from: "if (word.kindOf() == Kind.Node) _barUnlessOver(word);",
    to: "word;",
    found: ["CertificateRegistryTest.invariant_newestCertificateBars"],
  },
];
