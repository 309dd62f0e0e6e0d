import { expect } from "chai";

import { refuseProduction, RehearsalError } from "../../../oracle/config/refuse-production.ts";
import { networkSalt } from "../../../oracle/report/digest.ts";

const salt = (network: string, mode: "test" | "production") =>
  `0x${Buffer.from(networkSalt(network, mode)).toString("hex")}`;
const ARN = "arn:aws:kms:ap-northeast-1:111122223333:key/mrk-0123456789abcdef";
const ADDRESS = "0x46a2063719b96329308040e9B1E2A5DddDC7eD36";

const PRODUCTION = {
  source: "deploy/mainnet.json",
  network: "tokyo",
  mode: "production",
  chainId: 1,
  salt: salt("tokyo", "production"),
  keys: [ARN, ADDRESS],
} as const;
const SAFE = {
  salt: salt("rehearsal-7", "test"),
  chainIds: [31_337],
  keys: ["0x77Bf9EC22c55409E804dc86c29fAcA2Ad4210c8a"],
};

function reasons(
  rehearsal: Parameters<typeof refuseProduction>[0],
  networks = [PRODUCTION] as Parameters<typeof refuseProduction>[1],
) {
  try {
    refuseProduction(rehearsal, networks);
    return [];
  } catch (error) {
    if (error instanceof RehearsalError) return error.reasons;
    throw error;
  }
}

describe("refuseProduction", () => {
  const of = "the production network tokyo (deploy/mainnet.json)";

  it("lets a rehearsal with a world of its own pass", () => {
    expect(reasons(SAFE)).to.deep.equal([]);
  });

  it("refuses the salt, with which a simulated price would be true on every chain", () => {
    for (const written of [
      PRODUCTION.salt,
      PRODUCTION.salt.toUpperCase().replace("0X", "0x"),
      PRODUCTION.salt.slice(2),
    ])
      expect(reasons({ ...SAFE, salt: written })).to.deep.equal([`the salt ${written} is that of ${of}`]);
  });

  it("refuses the network's real salt even where its book says another", () => {
    const book = { ...PRODUCTION, salt: salt("else", "test") };
    expect(reasons({ ...SAFE, salt: PRODUCTION.salt }, [book])).to.have.length(1);
    expect(reasons({ ...SAFE, salt: book.salt }, [book])).to.have.length(1);
  });

  it("refuses the chain", () => {
    expect(reasons({ ...SAFE, chainIds: [31_337, 1] })).to.deep.equal([`the chain id 1 is that of ${of}`]);
  });

  it("refuses a key by its address or its ARN, in any writing and any Region", () => {
    for (const key of [ADDRESS, ADDRESS.toLowerCase(), ARN, ARN.replace("ap-northeast-1", "ap-northeast-3")])
      expect(reasons({ ...SAFE, keys: [...SAFE.keys, key] }), key).to.deep.equal([
        `the key ${key} is one of ${of}`,
      ]);
    const single = ARN.replace("mrk-0123456789abcdef", "6d0f7a4e-5b1c-4c39-9f5d-1f6c2a7f3b10");
    const networks = [{ ...PRODUCTION, keys: [single] }];
    expect(
      reasons({ ...SAFE, keys: [single.replace("1111", "9999")] }, networks),
      "another account's",
    ).to.deep.equal([]);
  });

  it("says all of it at once, and what to do", () => {
    const all = { salt: PRODUCTION.salt, chainIds: [1], keys: [ARN, ADDRESS] };
    expect(reasons(all)).to.have.length(4);
    expect(() => {
      refuseProduction(all, [PRODUCTION]);
    }).to.throw(
      RehearsalError,
      /must not be able to sign real history.*\n {2}the salt [^]*\nRehearse with a network of mode test/,
    );
  });

  it("minds only production, wherever it stands among the books", () => {
    const test = { ...PRODUCTION, mode: "test", salt: SAFE.salt, chainId: 31_337, keys: SAFE.keys } as const;
    expect(reasons(SAFE, [test])).to.deep.equal([]);
    expect(reasons({ ...SAFE, chainIds: [1] }, [test, PRODUCTION])).to.have.length(1);
    expect(reasons(SAFE, [])).to.deep.equal([]);
  });

  it("takes a network whose keys are not known", () => {
    const book: { keys?: readonly string[] } & Omit<typeof PRODUCTION, "keys"> = { ...PRODUCTION };
    delete book.keys;
    expect(reasons({ ...SAFE, keys: [ARN] }, [book])).to.deep.equal([]);
  });
});
