import { parseArgs } from "node:util";
import { startRelayer } from "./run.ts";
import { EXIT, runService } from "./service/run-service.ts";

const { values } = parseArgs({ options: { config: { type: "string" } } });
if (values.config === undefined) {
  process.stderr.write("relayer: --config FILE is missing\n");
  process.exit(EXIT.config);
}
const { config } = values;
await runService("relayer", () => startRelayer(config));
