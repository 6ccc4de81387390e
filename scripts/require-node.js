// Plain JavaScript, so that an old Node can still say in one sentence what is missing. A new enough one keeps what it compiles.
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [major = 0, minor = 0] = engines.node.replace(">=", "").split(".").map(Number);
const [runningMajor = 0, runningMinor = 0] = process.versions.node.split(".").map(Number);

if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
  console.error(
    `PQMesh needs Node ${major}.${minor} or newer, this is Node ${process.versions.node}: ` +
      `run the command under Node ${major} with npx -y -p node@${major} -c "COMMAND".`,
  );
  process.exit(1);
}

nodeModule.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/pqmesh", import.meta.url)));
