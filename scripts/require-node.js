// Plain JavaScript, so that an old Node can still say in one sentence what is missing. A new enough one keeps what it compiles.
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [major = 0, minor = 0] = engines.node.replace(">=", "").split(".").map(Number);
const [runningMajor = 0, runningMinor = 0] = process.versions.node.split(".").map(Number);

/** The command that was given, as it can be pasted. */
function givenCommand() {
  const [, file = "", ...words] = process.argv;
  const shown = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "…"));
  const script = process.env.npm_lifecycle_event;
  // Not with npx again: inside `-c` it inherits the `-c` itself and refuses. The command is on the path there.
  if (script === "npx") return [path.basename(file), ...shown].join(" ");
  if (script === undefined) return ["node", path.relative("", file), ...shown].join(" ");
  const npm = ["start", "test"].includes(script) ? ["npm", script] : ["npm", "run", script];
  return [...npm, ...(shown.length > 0 ? ["--", ...shown] : [])].join(" ");
}

if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
  console.error(
    `PQMesh needs Node ${major}.${minor} or newer, this is Node ${process.versions.node}: ` +
      `run it under Node ${major} with npx -y -p node@${major} -c "${givenCommand()}".`,
  );
  process.exit(1);
}

nodeModule.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/pqmesh", import.meta.url)));
