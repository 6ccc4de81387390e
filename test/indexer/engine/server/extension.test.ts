import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { FastifyInstance } from "fastify";

import { type ExtensionHost, startExtensions } from "../../../../indexer/engine/server/extension.ts";
import { temporaryFolder } from "../../fixture/temporary-folder.ts";

/** Writes a module that notes what happens to it in a list. */
function extensionModule(body: string): string {
  const file = join(temporaryFolder(), "extension.mjs");
  writeFileSync(file, `export async function createExtension(host, settings) { ${body} }`);
  return file;
}

function hostOf(extensions: { module: string; settings: unknown }[]): ExtensionHost {
  return { config: { extensions }, server: {} as FastifyInstance } as unknown as ExtensionHost;
}

describe("extensions", () => {
  const noting =
    "settings.push('start'); return { committed: () => settings.push('block'), stop: async () => settings.push('stop') };";

  it("get their settings, each block and the end", async () => {
    const seen: string[] = [];
    const [extension] = await startExtensions(hostOf([{ module: extensionModule(noting), settings: seen }]));
    extension!.committed();
    await extension!.stop();
    expect(seen).to.deep.equal(["start", "block", "stop"]);
  });

  it("that cannot start stop those before them, and are named", async () => {
    const seen: string[] = [];
    const bad = extensionModule("throw new Error('settings: `rate` is missing');");
    const host = hostOf([
      { module: extensionModule(noting), settings: seen },
      { module: bad, settings: {} },
    ]);
    const message = await startExtensions(host).then(
      () => "started",
      (error: Error) => error.message,
    );
    expect(message).to.equal(`extension ${bad}: settings: \`rate\` is missing`);
    expect(seen).to.deep.equal(["start", "stop"]);
  });
});
