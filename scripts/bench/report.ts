/** Gas of reports for a shard of 512 nodes: `npm run bench:report`. */
import hre from "hardhat";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";
import { deployMesh, registerNodes, seatCommittee } from "./mesh-deployment.ts";
import { submitReport } from "./submit-report.ts";

const SHARD = 512;
/** First epoch that is reported: the committee and the nodes are in force, so that what is measured is steady state. */
const FIRST_EPOCH = 30;
/** Most seats there can be, and the signatures that their reports need. */
const LARGEST = 100;
const LARGEST_QUORUM = 67;
const TRANSACTION_LIMIT = 16_777_216;

const nodesFrom = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
const perNode = (gas: number) => Math.round((gas / SHARD) * 100) / 100;

interface CommitteeFigures {
  allPresent: number;
  fiveAbsent: number;
  fiftyAbsent: number;
  allAbsent: number;
}

/** Every scenario writes to words and summaries that no other one has touched: other nodes, 256 epochs later. */
async function measure(seats: number, signatures: number): Promise<CommitteeFigures> {
  const mesh = await deployMesh();
  await registerNodes(mesh, SHARD);
  const members = await seatCommittee(mesh, seats);
  const report = async (epoch: number, absent: number[]) => {
    await submitReport(mesh, { epoch: epoch - 1, members, signatures });
    return (await submitReport(mesh, { epoch, members, signatures, absent })).used;
  };
  return {
    allPresent: await report(FIRST_EPOCH, []),
    fiveAbsent: await report(FIRST_EPOCH + 256, nodesFrom(0, 5)),
    fiftyAbsent: await report(FIRST_EPOCH + 512, nodesFrom(100, 50)),
    allAbsent: await report(FIRST_EPOCH + 768, nodesFrom(0, SHARD)),
  };
}

/** The largest committee: seating it again, and a report with the 67 signatures it needs. */
async function measureLargest(): Promise<{ seating: number; report: number }> {
  const mesh = await deployMesh();
  await registerNodes(mesh, 1);
  const members = await seatCommittee(mesh, LARGEST);
  await submitReport(mesh, { epoch: FIRST_EPOCH - 1, members, signatures: LARGEST_QUORUM });
  const { used: report } = await submitReport(mesh, { epoch: FIRST_EPOCH, members, signatures: LARGEST_QUORUM });
  const sent = await mesh.committee.setCommittee(members.map(({ address }) => address));
  return { seating: Number((await sent.wait()).gasUsed), report };
}

function rowsOf(title: string, limit: number, figures: CommitteeFigures): BenchRow[] {
  const { allPresent, fiveAbsent, fiftyAbsent, allAbsent } = figures;
  return [
    {
      label: `${title}, all present`,
      value: perNode(allPresent),
      unit: "gas per node",
      limit: `<= ${limit}`,
      ok: perNode(allPresent) <= limit,
    },
    { label: `${title}, 5 absent`, value: perNode(fiveAbsent), unit: "gas per node" },
    { label: `${title}, 50 absent`, value: perNode(fiftyAbsent), unit: "gas per node" },
    {
      label: `${title}, 512 absent`,
      value: allAbsent,
      unit: "gas",
      limit: "one transaction",
      ok: allAbsent <= TRANSACTION_LIMIT,
    },
  ];
}

async function run(): Promise<BenchResult> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const four = await measure(4, 4);
  const ten = await measure(10, 7);
  const largest = await measureLargest();
  return {
    rows: [
      ...rowsOf("4 of 4 signatures", 200, four),
      ...rowsOf("7 of 10 signatures", 230, ten),
      { label: "67 of 100 signatures, all present", value: perNode(largest.report), unit: "gas per node" },
      { label: "a committee of 100 is seated", value: largest.seating, unit: "gas" },
    ],
    metrics: {
      gas_per_node_512_all_present: perNode(four.allPresent),
      gas_per_node_512_7_of_10: perNode(ten.allPresent),
      report_gas_512_absent: four.allAbsent,
      report_gas_67_of_100: largest.report,
      set_committee_gas_100: largest.seating,
      gas_per_node_512_5_absent: perNode(four.fiveAbsent),
      gas_per_node_512_50_absent: perNode(four.fiftyAbsent),
    },
    notes: ["Whole transactions with 512 non-zero quality bytes; absences fall on words that were never written."],
  };
}

await runBench({ name: "report", title: "Gas of a report for a shard of 512 nodes", run });
