import { expect } from "chai";

import { languageOf, pageText } from "../../../oracle/run/page-text.ts";

describe("pages, as operators read them", () => {
  it("say what happened and what to do, with the relayer's numbers behind it, in both languages", () => {
    const page = {
      from: "relayer",
      page: { reason: "funds", time: 0, message: "The sender 0xAb has 1 gwei, this needs up to 5 gwei." },
    } as const;
    expect(pageText(page, "en")).to.equal(
      "The sender's account cannot pay. Top it up. (The sender 0xAb has 1 gwei, this needs up to 5 gwei.)",
    );
    expect(pageText(page, "ja")).to.equal(
      "送信用口座の残高が不足しています。補充してください。 (The sender 0xAb has 1 gwei, this needs up to 5 gwei.)",
    );
  });

  it("name the signer and the time, in words", () => {
    const page = {
      from: "signer",
      member: "signer-2",
      page: { reason: "absent", time: 1_767_225_600 },
    } as const;
    expect(pageText(page, "en")).to.match(/^signer-2: A fixing is lost: .* \(time 2026-01-01T00:00:00Z\)$/);
    expect(pageText(page, "ja")).to.match(
      /^signer-2: .*フィキシングは不成立.* \(time 2026-01-01T00:00:00Z\)$/,
    );
  });

  it("name whom evidence is about, and what it is about", () => {
    const evidence = {
      kind: "equivocation",
      accused: 2,
      time: 1_767_225_600,
      epoch: 0,
      about: "prevote of round 1",
      messages: [],
    } as const;
    expect(pageText({ from: "signer", member: "signer-1", evidence }, "en")).to.match(
      /^signer-1: A signer contradicted itself.* \(signer-3, 2026-01-01T00:00:00Z, prevote of round 1\)$/,
    );
    expect(pageText({ from: "signer", member: "signer-1", evidence }, "ja")).to.include("矛盾");
  });

  it("are in the language that was named, else in the system's, else in English", () => {
    expect(languageOf("en", "ja-JP")).to.equal("en");
    expect(languageOf(undefined, "ja-JP")).to.equal("ja");
    expect(languageOf(undefined, "de-DE")).to.equal("en");
    expect(["en", "ja"]).to.include(languageOf(undefined));
  });
});
