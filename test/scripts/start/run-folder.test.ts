import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { newRunFolder } from "../../../scripts/start/run-folder.ts";

const NOON = Date.UTC(2026, 10, 26, 12, 0, 0, 100);

describe("newRunFolder", () => {
  let base = "";
  beforeEach(() => {
    base = path.join(mkdtempSync(path.join(tmpdir(), "nakane-folders-")), ".nakane");
  });
  afterEach(() => {
    rmSync(path.dirname(base), { recursive: true });
  });

  it("is named after its time, and made with what it stands in", () => {
    expect(newRunFolder(NOON, base)).to.equal(path.join(base, "2026-11-26T120000Z"));
    expect(readdirSync(base)).to.deep.equal(["2026-11-26T120000Z"]);
  });

  it("gives two starts of one second a folder each", () => {
    const folders = [0, 400, 12].map((later) => newRunFolder(NOON + later, base));
    expect(folders.map((folder) => path.basename(folder))).to.deep.equal([
      "2026-11-26T120000Z",
      "2026-11-26T120000Z-2",
      "2026-11-26T120000Z-3",
    ]);
  });

  it("keeps the newest three with all that is in them, and removes the others", () => {
    const days = [1, 2, 3, 4].map((day) => {
      const folder = newRunFolder(NOON + day * 86_400_000, base);
      writeFileSync(path.join(folder, "ledger.db"), "rows");
      return folder;
    });
    expect(days.map((folder) => existsSync(path.join(folder, "ledger.db")))).to.deep.equal([
      false,
      true,
      true,
      true,
    ]);
  });

  it("leaves alone what is no run", () => {
    mkdirSync(path.join(base, "tokyo-1"), { recursive: true });
    mkdirSync(path.join(base, "2026-11-26T120000Z.kept"));
    for (let day = 1; day <= 5; day++) newRunFolder(NOON + day * 86_400_000, base);
    expect(readdirSync(base)).to.have.members([
      "tokyo-1",
      "2026-11-26T120000Z.kept",
      "2026-11-29T120000Z",
      "2026-11-30T120000Z",
      "2026-12-01T120000Z",
    ]);
  });
});
