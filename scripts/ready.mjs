/**
 * Makes the project ready and hands over to the Node it is pinned to. Plain JavaScript without dependencies, because it
 * runs before anything is installed, under whatever Node (20 or newer) is on the path.
 *
 *   node scripts/ready.mjs                  install what is missing, then stop
 *   node scripts/ready.mjs NAME [args...]   the same, then run scripts/NAME.ts under the pinned Node
 *
 * Everything it says goes to stderr, so that the standard output of what it starts stays clean.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** What an installation takes, in MB (10^6 bytes), measured on Linux x64; test/scripts/ready.test.ts keeps the first honest. */
export const DISK_MB = 570;
export const DOWNLOAD_MB = 223;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const modules = path.join(root, "node_modules");
const stampFile = path.join(modules, ".ready.json");
const pinnedNode = path.join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** A message for the person at the terminal: what happened, and what to do about it. */
class ReadyError extends Error {
  constructor(what, remedy) {
    super(`${what}\n  ${remedy}`);
    this.name = "ReadyError";
  }
}

const say = (line) => void process.stderr.write(`${line}\n`);
const readJson = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

function readJsonIfAny(file) {
  try {
    return readJson(file);
  } catch {
    return undefined;
  }
}

// ---- what should be there

/** The packages of the lockfile that belong on this machine: path in node_modules -> entry. */
export function packagesFor(lock, machine) {
  const fits = (wanted, mine) =>
    !wanted ||
    mine === undefined ||
    wanted.includes(mine) ||
    (wanted[0]?.startsWith("!") && !wanted.includes(`!${mine}`));
  return Object.entries(lock.packages).filter(
    ([where, entry]) =>
      where !== "" &&
      fits(entry.os, machine.os) &&
      fits(entry.cpu, machine.cpu) &&
      fits(entry.libc, machine.libc),
  );
}

/** What a report of Node's (process.report) says of the machine: the C library is the one Node runs on, not what else is there. */
export function machineOf({ header }) {
  const libc = header.platform !== "linux" ? undefined : header.glibcVersionRuntime ? "glibc" : "musl";
  return { os: header.platform, cpu: header.arch, libc };
}

function thisMachine() {
  process.report.excludeNetwork = true; // nobody asks for it, and it takes its time
  return machineOf(process.report.getReport());
}

/** The pinned Node comes from npm, which has it for glibc only. Better said before the download than after. */
export function checkMachine({ libc }) {
  if (libc === "musl")
    throw new ReadyError(
      "This Linux has musl as its C library, as Alpine has; the pinned Node needs glibc.",
      "Use a Debian, Ubuntu, Fedora or similar system, or an image of one, such as node:24.",
    );
}

/** Optional packages that fit this machine and are absent: npm leaves them out when an older Node runs it. */
const leftOut = (wanted) =>
  wanted.filter(([where, entry]) => entry.optional && !fs.existsSync(path.join(root, where, "package.json")));

/** Whether what npm wrote down about the installed tree agrees with the lockfile, package by package. */
function treeAgrees(wanted) {
  const installed = readJsonIfAny(path.join(modules, ".package-lock.json"))?.packages;
  if (!installed) return false;
  const agrees = ([where, entry]) =>
    installed[where]
      ? installed[where].version === entry.version && installed[where].integrity === entry.integrity
      : entry.optional;
  const expected = new Set(wanted.map(([where]) => where));
  return wanted.every(agrees) && Object.keys(installed).every((where) => expected.has(where));
}

const fingerprint = (lockText, manifestText) =>
  createHash("sha256")
    .update(lockText)
    .update(manifestText)
    .update(process.platform)
    .update(process.arch)
    .digest("hex");

/** The quick way: the stamp of the last successful run fits, and the files it names are still there. */
function isReady(mark) {
  const stamp = readJsonIfAny(stampFile);
  return stamp?.mark === mark && stamp.files.every((file) => fs.existsSync(path.join(root, file)));
}

// ---- npm

/** How to start npm: the one that runs us if any, else the first on the path. Never through a shell. */
function findNpm() {
  const own = process.env.npm_execpath;
  if (own && path.basename(own) === "npm-cli.js" && fs.existsSync(own)) return own;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const link = path.join(folder, process.platform === "win32" ? "npm.cmd" : "npm");
    if (!fs.existsSync(link)) continue;
    const real = fs.realpathSync(link);
    const places = [
      real,
      path.join(path.dirname(real), "node_modules/npm/bin/npm-cli.js"),
      path.join(path.dirname(real), "../lib/node_modules/npm/bin/npm-cli.js"),
    ];
    const cli = places.find((place) => place.endsWith("npm-cli.js") && fs.existsSync(place));
    if (cli) return cli;
  }
  throw new ReadyError(
    "npm is not on the path.",
    "Install npm 10 or newer (it comes with Node 20 and newer), then run this again.",
  );
}

/** What npm printed -> what to tell the person. The codes are npm's and the operating system's own. */
export function explainNpm(output) {
  const code =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E40[13]|E404|ENOSPC|EACCES|EPERM|EROFS|EINTEGRITY|EUSAGE)\b/.exec(
      output,
    )?.[1];
  switch (code) {
    case undefined:
      return [
        "",
        "Its own words are above. Mend that and run this again; a half-finished installation is noticed and redone.",
      ];
    case "ENOSPC":
      return [
        `the disk is full (${code})`,
        `An installation needs about ${DISK_MB} MB here and ${DOWNLOAD_MB} MB in npm's cache. Make room and run this again.`,
      ];
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return [
        `a file or folder may not be written (${code})`,
        `Give yourself the right to write in ${root} and in npm's cache (npm config get cache), then run this again.`,
      ];
    case "EINTEGRITY":
      return [
        `a package is not the one the lockfile names (${code})`,
        "Do not go on. Run `npm cache verify` and this again; if it stays, find out who changed the package.",
      ];
    case "EUSAGE":
      return [
        `package.json and package-lock.json disagree (${code})`,
        "Run `npm install` and look at what changed in the lockfile, then run this again.",
      ];
    case "E401":
    case "E403":
    case "E404":
      return [
        `the registry refuses or does not have a package (${code})`,
        "Look at `npm config get registry`: it must be npm's registry or a full mirror of it. Then run this again.",
      ];
    default:
      return [
        `the registry could not be reached (${code})`,
        "Look at the network, the proxy settings and `npm config get registry`, then run this again. Without a network, `npm ci --offline` works only from a filled cache.",
      ];
  }
}

let running;

/** Runs npm with this environment; calls `onLine` for each line of its log; rejects with what to do. */
function npm(args, { node, env, onLine }) {
  const command = `npm ${args.filter((arg) => !arg.startsWith("--loglevel")).join(" ")}`;
  return new Promise((resolve, reject) => {
    const child = spawn(node, [findNpm(), ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    running = child;
    let kept = "";
    let rest = "";
    const take = (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (onLine?.(line)) continue;
        kept = (kept + line + "\n").slice(-8000);
      }
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) =>
      reject(
        new ReadyError(
          `${command} could not start: ${error.message}`,
          "Check that Node and npm on the path work (node -v, npm -v).",
        ),
      ),
    );
    child.on("close", (code, signal) => {
      running = undefined;
      if (code === 0) return resolve(kept + rest);
      const own = (kept + rest).split("\n").filter((line) => /^npm (error|ERR!)/.test(line));
      const [why, remedy] = explainNpm(kept + rest);
      for (const line of own.slice(0, 12)) say(`  ${line}`);
      reject(
        new ReadyError(
          `${command} failed with ${signal ?? `exit code ${code}`}${why ? `: ${why}` : ""}.`,
          remedy,
        ),
      );
    });
  });
}

/** Says how far the installation is: one line rewritten on a terminal, a line every ten seconds elsewhere. */
function progress(total) {
  const began = performance.now();
  const count = { answers: 0, packages: 0 };
  let step = "";
  let spoken = began;
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const text = () => {
    const doing =
      step ||
      (count.packages > 0
        ? `${Math.min(count.packages, total)} of ${total} packages`
        : `asking the registry about ${count.answers} of ${total} packages`);
    return `  ${doing}, ${seconds()} s`;
  };
  const draw = () => {
    if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${text()}`);
    if (performance.now() - spoken < 10_000) return;
    spoken = performance.now();
    say(text());
  };
  const timer = setInterval(draw, 250);
  return {
    seconds,
    /** npm's log names every answer and every tarball, fetched or found in its cache. True: nothing to keep. */
    line(line) {
      if (!/^npm http/.test(line)) return /^npm (warn|WARN)/.test(line);
      count[/\.tgz\b/.test(line) ? "packages" : "answers"]++;
      return true;
    },
    step(name) {
      step = name;
      draw();
    },
    stop() {
      clearInterval(timer);
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    },
  };
}

// ---- installing

/**
 * The Node that runs npm. When it is the pinned one, npm is about to delete it from node_modules, so a copy is used; the
 * copy's folder stands first on the path, for npm's own children.
 */
function nodeForNpm() {
  const env = { ...process.env };
  const inside = (file) => file.startsWith(modules + path.sep);
  if (!inside(fs.realpathSync(process.execPath))) return { node: process.execPath, env, done() {} };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ready-node-"));
  const node = path.join(folder, path.basename(process.execPath));
  fs.copyFileSync(process.execPath, node);
  fs.chmodSync(node, 0o755);
  env.PATH = `${folder}${path.delimiter}${env.PATH ?? ""}`;
  return { node, env, done: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function checkDisk() {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < DISK_MB)
    throw new ReadyError(
      `The disk of ${root} has ${free} MB free; an installation needs about ${DISK_MB} MB.`,
      "Make room and run this again.",
    );
}

/**
 * Whether npm has the pinned Node for this machine, with contents that package.json pins. Where it has not, a Node of the
 * same major version that runs this stands in for it.
 */
function hasNodeBuild({ nodeBuilds }, { os: system, cpu }) {
  return nodeBuilds === undefined || `node-${system === "win32" ? "win" : system}-${cpu}` in nodeBuilds;
}

/** Said before the download, too. */
function checkOwnNode(manifest, machine) {
  const pinned = manifest.devDependencies.node;
  const major = (version) => version.split(".")[0];
  if (hasNodeBuild(manifest, machine) || major(process.versions.node) === major(pinned)) return;
  throw new ReadyError(
    `npm has no Node ${pinned} for ${machine.os} on ${machine.cpu}, and this is Node ${process.versions.node}.`,
    `Install any Node ${major(pinned)} from https://nodejs.org and run this again: that is used then.`,
  );
}

/** The Node that runs this, in the place of the pinned one. */
function linkOwnNode() {
  fs.mkdirSync(path.dirname(pinnedNode), { recursive: true });
  fs.rmSync(pinnedNode, { force: true }); // a link to one that is gone
  fs.symlinkSync(fs.realpathSync(process.execPath), pinnedNode);
}

/** The platform package that brings the pinned Node is not in the lockfile; its contents are pinned in package.json. */
function checkNodeBuild(manifest) {
  const packages =
    readJsonIfAny(path.join(modules, "node", "node_modules", ".package-lock.json"))?.packages ?? {};
  for (const [where, entry] of Object.entries(packages)) {
    const name = where.replace("node_modules/", "");
    const pinned = manifest.nodeBuilds?.[name];
    if (pinned !== undefined && pinned !== entry.integrity)
      throw new ReadyError(
        `${name} ${entry.version} is ${entry.integrity}, but package.json pins ${pinned}.`,
        "Do not go on: find out who changed the package, or correct nodeBuilds when the version was raised.",
      );
  }
}

/**
 * The binary is linked into node/bin; the package that brought it has 70 MB of headers beside it, which npm prunes or not, as
 * the times of files fall.
 */
function dropHeaders() {
  const folder = path.join(modules, "node", "node_modules");
  if (!fs.existsSync(folder) || !fs.existsSync(pinnedNode)) return;
  for (const name of fs.readdirSync(folder))
    if (!name.startsWith(".")) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** npm would only say so after asking the registry. */
function checkManifest(manifest, lock) {
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
    const [asked, locked] = [manifest[kind] ?? {}, lock.packages[""][kind] ?? {}];
    for (const name of new Set([...Object.keys(asked), ...Object.keys(locked)]))
      if (asked[name] !== locked[name])
        throw new ReadyError(
          `package.json asks for ${name} ${asked[name] ?? "no longer"}, package-lock.json has ${locked[name] ?? "none"}.`,
          "Run `npm install`, look at what changed in the lockfile, then run this again.",
        );
  }
}

/**
 * Waits until nobody else installs here: two installations would delete each other's files. Who comes second will mostly
 * find everything there.
 * @returns what to call when done
 */
async function takeTurn() {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const file = path.join(os.tmpdir(), `ready-${name}.pid`);
  for (let told = false; ;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") return () => undefined; // nowhere to say so: then without
    }
    const holder = readJsonIfAny(file);
    if (holder !== undefined && !isAlive(holder)) {
      try {
        fs.rmSync(file, { force: true });
      } catch {
        return () => undefined; // another person's, who was killed
      }
      continue;
    }
    if (!told) say(`Process ${holder ?? "?"} is installing here; waiting for it (${file}).`);
    told = true;
    await sleep(200);
  }
  const leave = () => fs.rmSync(file, { force: true });
  process.once("exit", leave); // Ctrl-C leaves this way
  return () => {
    process.off("exit", leave);
    leave();
  };
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

async function install(wanted, manifest, machine) {
  const scripts = Object.keys(manifest.allowScripts ?? {}).filter((name) => manifest.allowScripts[name]);
  const pinned = manifest.devDependencies.node;
  const brings = hasNodeBuild(manifest, machine);
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--include=dev", "--include=optional"];
  const { node, env, done } = nodeForNpm();
  const shown = progress(wanted.length);
  const run = (args, options = {}) =>
    npm([...args, ...quiet, "--loglevel=http"], { node, env, onLine: shown.line, ...options });
  try {
    if (!treeAgrees(wanted)) {
      say(
        `Installing ${wanted.length} packages (about ${DISK_MB} MB on disk, ${DOWNLOAD_MB} MB to download)${brings ? `, among them Node ${pinned}, which then takes over` : ""}.`,
      );
      checkDisk();
      await run(["ci", "--ignore-scripts"]);
    }
    if (!brings) linkOwnNode();
    else if (!fs.existsSync(pinnedNode)) {
      shown.step(`running the install script of ${scripts.join(", ")}`);
      await run(["rebuild", ...scripts, "--ignore-scripts=false"]);
    }
    checkNodeBuild(manifest);
    if (brings) dropHeaders();
    const missing = leftOut(wanted).map(([where]) => where.replace(/^.*node_modules\//, ""));
    if (missing.length > 0) {
      shown.step(`adding what Node ${process.versions.node} left out: ${missing.join(", ")}`);
      const first = `${path.join(modules, ".bin")}${path.delimiter}${env.PATH ?? ""}`;
      await run(["install", "--no-save", "--ignore-scripts"], {
        node: pinnedNode,
        env: { ...env, PATH: first },
      });
      const still = leftOut(wanted).map(([where]) => where.replace(/^.*node_modules\//, ""));
      if (still.length > 0)
        throw new ReadyError(
          `npm did not install ${still.join(", ")}, which this machine needs.`,
          "Look for `omit` in `npm config list`; remove it and node_modules, then run this again.",
        );
    }
  } finally {
    shown.stop();
    done();
  }
  say(`Ready in ${shown.seconds()} s.`);
}

/** Installs what is missing. Returns at once when the last run left everything as the lockfile wants it. */
async function makeReady() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20)
    throw new ReadyError(
      `This is Node ${process.versions.node}; Node 20 or newer is needed to begin.`,
      "Install Node from your system or https://nodejs.org, then run this again.",
    );
  const lockText = fs.readFileSync(path.join(root, "package-lock.json"));
  const manifestText = fs.readFileSync(path.join(root, "package.json"));
  const mark = fingerprint(lockText, manifestText);
  if (isReady(mark)) return;
  const lock = JSON.parse(lockText);
  const manifest = JSON.parse(manifestText);
  checkManifest(manifest, lock);
  const machine = thisMachine();
  checkMachine(machine);
  checkOwnNode(manifest, machine);
  const wanted = packagesFor(lock, machine);
  const complete = () => treeAgrees(wanted) && leftOut(wanted).length === 0 && fs.existsSync(pinnedNode);
  if (!complete()) {
    const leave = await takeTurn();
    try {
      if (!complete()) await install(wanted, manifest, machine);
    } finally {
      leave();
    }
  }
  checkNodeBuild(manifest);
  const files = ["node_modules/.package-lock.json", path.relative(root, pinnedNode)];
  for (const [where, entry] of wanted) if (entry.optional && entry.os) files.push(`${where}/package.json`);
  try {
    fs.writeFileSync(stampFile, JSON.stringify({ mark, files }, null, 1));
  } catch {
    // Where this folder may not be written everything is looked at again next time, which takes a moment.
  }
}

// ---- handing over

/** Runs scripts/NAME.ts under the pinned Node: same terminal, same arguments; its exit is our exit, by code or by signal. */
function handOver(name, args) {
  const script = path.join(root, "scripts", `${name}.ts`);
  if (!/^[a-z][a-z-]*$/.test(name) || !fs.existsSync(script)) {
    const known = fs
      .readdirSync(path.join(root, "scripts"))
      .filter((file) => /^[a-z][a-z-]*\.ts$/.test(file));
    throw new ReadyError(
      `There is no scripts/${name}.ts.`,
      `There are: ${known.map((file) => file.slice(0, -3)).join(", ")}.`,
    );
  }
  const PATH = `${path.join(modules, ".bin")}${path.delimiter}${process.env.PATH ?? ""}`;
  const child = spawn(pinnedNode, [script, ...args], { stdio: "inherit", env: { ...process.env, PATH } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"])
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group by itself; sending it again would look like a second, impatient one.
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  child.on("error", (error) =>
    fail(
      new ReadyError(
        `${pinnedNode} could not start: ${error.message}`,
        "Remove node_modules and run this again.",
      ),
    ),
  );
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(error) {
  say(error instanceof ReadyError ? `\nNot ready: ${error.message}` : (error.stack ?? String(error)));
  process.exit(1);
}

if (fs.realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  const stop = (signal) => {
    running?.kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    await makeReady();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    if (name !== undefined) handOver(name, args);
  } catch (error) {
    fail(error);
  }
}
