import { lazy } from "react";

const LOAD = {
  overview: async () => ({ default: (await import("./overview-page.tsx")).OverviewPage }),
  nodes: async () => ({ default: (await import("./nodes-page.tsx")).NodesPage }),
  node: async () => ({ default: (await import("./node-page.tsx")).NodePage }),
  reports: async () => ({ default: (await import("./reports-page.tsx")).ReportsPage }),
  report: async () => ({ default: (await import("./report-page.tsx")).ReportPage }),
  challenges: async () => ({ default: (await import("./challenges-page.tsx")).ChallengesPage }),
  challenge: async () => ({ default: (await import("./challenge-page.tsx")).ChallengePage }),
  offences: async () => ({ default: (await import("./offences-page.tsx")).OffencesPage }),
  slashes: async () => ({ default: (await import("./slashes-page.tsx")).SlashesPage }),
  delegate: async () => ({ default: (await import("./delegate-page.tsx")).DelegatePage }),
  token: async () => ({ default: (await import("./token-page.tsx")).TokenPage }),
  committee: async () => ({ default: (await import("./committee-page.tsx")).CommitteePage }),
  parameters: async () => ({ default: (await import("./parameters-page.tsx")).ParametersPage }),
  market: async () => ({ default: (await import("./market-page.tsx")).MarketPage }),
  listing: async () => ({ default: (await import("./listing-page.tsx")).ListingPage }),
  leases: async () => ({ default: (await import("./leases-page.tsx")).LeasesPage }),
  lease: async () => ({ default: (await import("./lease-page.tsx")).LeasePage }),
  provide: async () => ({ default: (await import("./provide-page.tsx")).ProvidePage }),
  leaseDisputes: async () => ({ default: (await import("./lease-disputes-page.tsx")).LeaseDisputesPage }),
  proposal: async () => ({ default: (await import("./proposal-page.tsx")).ProposalPage }),
  proposals: async () => ({ default: (await import("./proposals-page.tsx")).ProposalsPage }),
  newProposal: async () => ({ default: (await import("./new-proposal-page.tsx")).NewProposalPage }),
  round: async () => ({ default: (await import("./round-page.tsx")).RoundPage }),
  rounds: async () => ({ default: (await import("./rounds-page.tsx")).RoundsPage }),
  votes: async () => ({ default: (await import("./votes-page.tsx")).VotesPage }),
  authority: async () => ({ default: (await import("./authority-page.tsx")).AuthorityPage }),
  certificates: async () => ({ default: (await import("./certificates-page.tsx")).CertificatesPage }),
  certificate: async () => ({ default: (await import("./certificate-page.tsx")).CertificatePage }),
  ownCertificates: async () => ({ default: (await import("./own-certificates-page.tsx")).OwnCertificatesPage }),
  certificateLog: async () => ({ default: (await import("./certificate-log-page.tsx")).CertificateLogPage }),
  operate: async () => ({ default: (await import("./operate-page.tsx")).OperatePage }),
};

/** Pages by what their address begins with. */
const BY_PATH: readonly [RegExp, () => Promise<unknown>][] = [
  [/^\/$/, LOAD.overview],
  [/^\/nodes\/./, LOAD.node],
  [/^\/nodes/, LOAD.nodes],
  [/^\/reports\/./, LOAD.report],
  [/^\/reports/, LOAD.reports],
  [/^\/challenges\/./, LOAD.challenge],
  [/^\/challenges/, LOAD.challenges],
  [/^\/offences/, LOAD.offences],
  [/^\/slashes/, LOAD.slashes],
  [/^\/delegate/, LOAD.delegate],
  [/^\/token/, LOAD.token],
  [/^\/committee/, LOAD.committee],
  [/^\/parameters/, LOAD.parameters],
  [/^\/operate/, LOAD.operate],
  [/^\/market\/./, LOAD.listing],
  [/^\/market/, LOAD.market],
  [/^\/leases\/./, LOAD.lease],
  [/^\/leases/, LOAD.leases],
  [/^\/provide/, LOAD.provide],
  [/^\/lease-disputes/, LOAD.leaseDisputes],
  [/^\/proposals\/new/, LOAD.newProposal],
  [/^\/proposals\/./, LOAD.proposal],
  [/^\/proposals/, LOAD.proposals],
  [/^\/rounds\/./, LOAD.round],
  [/^\/rounds/, LOAD.rounds],
  [/^\/votes/, LOAD.votes],
  [/^\/certificates\/./, LOAD.certificate],
  [/^\/certificates/, LOAD.certificates],
  [/^\/my-certificates/, LOAD.ownCertificates],
  [/^\/authorities\/./, LOAD.authority],
  [/^\/certificate-log/, LOAD.certificateLog],
];

/** The table of nodes. */
export const NodesPage = lazy(LOAD.nodes);
/** One node. */
export const NodePage = lazy(LOAD.node);
/** The table of reports. */
export const ReportsPage = lazy(LOAD.reports);
/** One report. */
export const ReportPage = lazy(LOAD.report);
/** The table of challenges. */
export const ChallengesPage = lazy(LOAD.challenges);
/** One challenge. */
export const ChallengePage = lazy(LOAD.challenge);
/** Offences of relayers and what they lost. */
export const OffencesPage = lazy(LOAD.offences);
/** Slashes of nodes, proposed and done. */
export const SlashesPage = lazy(LOAD.slashes);
/** Where holders delegate. */
export const DelegatePage = lazy(LOAD.delegate);
/** What holders of MESH have and vote with. */
export const TokenPage = lazy(LOAD.token);
/** Who signs the reports. */
export const CommitteePage = lazy(LOAD.committee);
/** Every governed number. */
export const ParametersPage = lazy(LOAD.parameters);
/** Where clients find what is for rent. */
export const MarketPage = lazy(LOAD.market);
/** One listing. */
export const ListingPage = lazy(LOAD.listing);
/** Leases of the connected wallet. */
export const LeasesPage = lazy(LOAD.leases);
/** One lease. */
export const LeasePage = lazy(LOAD.lease);
/** Where operators rent out. */
export const ProvidePage = lazy(LOAD.provide);
/** Disputes of leases. */
export const LeaseDisputesPage = lazy(LOAD.leaseDisputes);
/** Where proposals are made. */
export const NewProposalPage = lazy(LOAD.newProposal);
/** One round of voice credits. */
export const RoundPage = lazy(LOAD.round);
/** Seasons of voice credits and their rounds. */
export const RoundsPage = lazy(LOAD.rounds);
/** One proposal. */
export const ProposalPage = lazy(LOAD.proposal);
/** What the DAO decides. */
export const ProposalsPage = lazy(LOAD.proposals);
/** What the connected wallet weighs. */
export const VotesPage = lazy(LOAD.votes);
/** Where anybody looks a certificate up. */
export const CertificatesPage = lazy(LOAD.certificates);
/** One authority, and what it issued. */
export const AuthorityPage = lazy(LOAD.authority);
/** Status of one certificate. */
export const CertificatePage = lazy(LOAD.certificate);
/** Certificates of the connected wallet's operator. */
export const OwnCertificatesPage = lazy(LOAD.ownCertificates);
/** The transparency log. */
export const CertificateLogPage = lazy(LOAD.certificateLog);
/** Where operators act. */
export const OperatePage = lazy(LOAD.operate);
/** The network at a glance. */
export const OverviewPage = lazy(LOAD.overview);

/** Begins to load the page of an address, so that its code and `/network.json` travel together. */
export function preloadPage(path: string): void {
  const wanted = BY_PATH.find(([begins]) => begins.test(path));
  if (wanted) attempt(wanted[1]);
}

/** Loads every page while the browser has nothing else to do, so that a change of page waits for nothing. */
export function preloadAllPages(): void {
  const loadAll = (): void => Object.values(LOAD).forEach(attempt);
  if ("requestIdleCallback" in window) requestIdleCallback(loadAll, { timeout: 5_000 });
  else setTimeout(loadAll, 2_000);
}

/** A page that cannot be loaded ahead is asked for again, and explained, when somebody opens it. */
function attempt(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}
