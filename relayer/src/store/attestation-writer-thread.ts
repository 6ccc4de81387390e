import { parentPort, workerData } from "node:worker_threads";
import { ATTESTATION_MIGRATIONS } from "./attestation-schema.ts";
import { AttestationWriter } from "./attestation-writer.ts";
import { openDatabase } from "./database.ts";
import type { WriteReply, WriteRequest, WriterSettings } from "./store-write.ts";

const PAGE_BYTES = 4096;

const { file, maxBytes, lockTimeoutMs } = workerData as WriterSettings;
const db = openDatabase(file, ATTESTATION_MIGRATIONS);
db.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}`);
if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
const writer = new AttestationWriter(db);

parentPort?.on("message", (message: WriteRequest | "close") => {
  if (message === "close") {
    db.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(reply(message));
});
parentPort?.postMessage("ready");

function reply({ id, write }: WriteRequest): WriteReply {
  try {
    return { id, rows: writer.apply(write) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
