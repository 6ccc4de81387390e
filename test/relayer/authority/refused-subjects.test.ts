import { expect } from "chai";
import { authoritySchema } from "../../../relayer/src/authority/authority-config.ts";
import { MEMBER } from "./authority-rig.ts";

const CONFIG = { authorityId: 1, cert: "ca.pem", keystore: "ca.json" };

describe("authority.refused", () => {
  const parse = (refused: unknown[]) => authoritySchema.safeParse({ ...CONFIG, refused });

  it("names operators, nodes and relayers", () => {
    expect(parse(["operator:3", "node:0", "node:4294967295", `relayer:${MEMBER.address}`]).data?.refused).to.deep.equal(
      [
        { kind: "operator", subject: 3n },
        { kind: "node", subject: 0n },
        { kind: "node", subject: 4_294_967_295n },
        { kind: "relayer", subject: BigInt(MEMBER.address) },
      ],
    );
    expect(authoritySchema.parse(CONFIG).refused).to.deep.equal([]);
  });

  it("takes nothing else", () => {
    for (const text of ["node:4294967296", "node:07", "node:-1", "voter:5", "7", "relayer:0x12", "node:7 "]) {
      const issue = parse(["node:7", text]).error?.issues[0];
      expect(issue, text).to.deep.include({ path: ["refused", 1] });
      expect(issue?.message).to.equal(`"${text}" is not operator:NUMBER, node:NUMBER or relayer:ADDRESS`);
    }
  });
});
