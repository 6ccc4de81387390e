import { expect } from "chai";
import { Health } from "../../../relayer/src/service/health.ts";
import { createLogger, logHealth } from "../../../relayer/src/service/logger.ts";

describe("logger", () => {
  function collect(): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLogger> } {
    const lines: Record<string, unknown>[] = [];
    const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    return { lines, log: createLogger({ name: "test", level: "info", destination }) };
  }

  it("shows nothing that is named like a secret", () => {
    const { lines, log } = collect();
    log.info({ password: "hunter2", config: { privateKey: "0xsecret", wallet: { seed: "abc" } } }, "started");
    const text = JSON.stringify(lines);
    for (const secret of ["hunter2", "0xsecret", "abc"]) expect(text).to.not.include(secret);
    expect(lines[0]).to.deep.include({ password: "[redacted]", msg: "started" });
  });

  it("writes errors with what caused them", () => {
    const { lines, log } = collect();
    log.error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed");
    expect(lines[0]).to.have.nested.property("err.cause.message", "inner");
  });

  it("logs every change of health once", () => {
    const { lines, log } = collect();
    const health = new Health();
    logHealth(health, log);
    health.degrade("chain", "no block for 20 s");
    health.degrade("chain", "no block for 21 s");
    health.restore("chain");
    health.restore("chain");
    expect(lines.map(({ msg }) => msg)).to.deep.equal(["chain: no block for 20 s", "chain works again"]);
  });
});
