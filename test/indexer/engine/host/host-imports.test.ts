import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { HostContext } from "../../../../indexer/engine/host/host-context.ts";
import { hostFunctions } from "../../../../indexer/engine/host/host-functions.ts";
import { refusedFunction } from "../../../../indexer/engine/host/imports/environment-functions.ts";

const GRAPH_TS = dirname(createRequire(import.meta.url).resolve("@graphprotocol/graph-ts/package.json"));
const SOURCES = ["index.ts", "chain/ethereum.ts"].concat(
  ["conversion", "datasource", "json", "numbers", "yaml"].map((name) => `common/${name}.ts`),
);
/** What needs data from outside of the events. */
const REFUSED = ["ens.nameByHash", "ethereum.call", "ethereum.getBalance", "ethereum.hasCode", "ipfs.cat", "ipfs.map"];

/** Functions that graph-ts declares for the host, as modules import them. */
function declaredFunctions(): string[] {
  return SOURCES.flatMap((file) => {
    const source = readFileSync(join(GRAPH_TS, file), "utf8");
    const blocks = source.matchAll(/^export (declare )?namespace (\w+) \{$([\s\S]*?)^\}$/gm);
    return [...blocks].flatMap(([, declared, namespace, body]) => {
      const pattern = declared === undefined ? /^ {2}export declare function (\w+)\(/gm : /^ {2}function (\w+)\(/gm;
      return [...(body ?? "").matchAll(pattern)].map(([, name]) => `${namespace}.${name}`);
    });
  });
}

describe("imports of mappings", () => {
  const offered = hostFunctions({} as HostContext);
  const declared = declaredFunctions();

  it("are found in graph-ts", () => {
    expect(declared).to.include.members(["store.loadRelated", "log.log", "bigDecimal.equals", "yaml.try_fromBytes"]);
    expect(declared.length).to.be.greaterThan(50);
  });

  for (const name of declared) {
    const refused = REFUSED.includes(name);
    it(`${refused ? "refuse" : "offer"} ${name}`, () => {
      expect(name in offered).to.equal(!refused);
      if (refused) expect(refusedFunction(name)).to.throw(/ (is|are) not supported: /);
    });
  }

  it("name a function that nobody knows", () => {
    expect(refusedFunction("box.profile")).to.throw("the host function `box.profile` is not supported");
  });
});
