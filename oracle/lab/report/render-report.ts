import { formatUnits } from "../../decimal.ts";
import { MARKS } from "../../market/mark.ts";
import type { Cell, Result, Settlement, Study } from "../result.ts";
import { gasFigure } from "./gas-figure.ts";
import { escape, grouped, list, type Shown, shown, spoken, table, time } from "./html.ts";
import { kindRows, payoffFigure, pnlFigure } from "./option-figures.ts";
import { type Figure, plot } from "./plot.ts";
import { chainErrorFigure, fixingCounts, priceFigures } from "./price-figures.ts";
import { quantiles, rounded } from "../studies/statistics.ts";
import { studyFigures } from "./study-figures.ts";
import { STYLE } from "./theme.ts";

/** Rows of a table that are shown; the files have them all. */
const ROWS = 48;

/**
 * One page that says what a run was made from, what it found, and how to cite it. It is a single file: pictures are SVG inside
 * it, and it needs no network and no script. It rests on the result alone: the same result gives the same bytes.
 * @throws PlotError where Vega is not installed
 */
export async function renderReport(result: Result): Promise<string> {
  const mark = `<span class="mark">${MARKS[result.manifest.provenance]}</span>`;
  const counter = { figures: 0, tables: 0 };
  const draw = async (figures: readonly (Figure | null)[]): Promise<string> => {
    const drawn: string[] = [];
    for (const figure of figures) {
      if (figure === null) continue;
      const svg = await plot(figure);
      counter.figures++;
      drawn.push(
        `<figure id="${figure.id}"><div class="plot">${svg}</div><figcaption><b>Figure ${counter.figures}. ${escape(figure.title)}.</b> ${figure.prices ? `${mark} ` : ""}${escape(figure.caption)}</figcaption></figure>`,
      );
    }
    return drawn.join("\n");
  };
  const tabulate = (
    title: string,
    about: string,
    heads: readonly (string | { readonly name: string; readonly unit: string })[],
    rows: readonly (readonly Shown[])[],
    options: { readonly prices?: boolean; readonly file?: string } = {},
  ): string => {
    counter.tables++;
    const cut = rows.length > ROWS;
    const rest = cut
      ? ` The first ${ROWS} of ${shown(rows.length)} rows; ${escape(options.file ?? "summary.json")} has them all.`
      : "";
    return table(
      heads.map((head) => (typeof head === "string" ? { name: head } : head)),
      rows.slice(0, ROWS),
      `<b>Table ${counter.tables}. ${escape(title)}.</b> ${options.prices === true ? `${mark} ` : ""}${escape(about)}${rest}`,
    );
  };
  const { about } = result.manifest.scenario;
  let section = 0;
  const heading = (title: string): string => `<h2><span class="n">${++section}</span>${escape(title)}</h2>`;

  const parts: string[] = [];
  parts.push(facts(result, mark));
  parts.push(
    heading("Market and oracle"),
    marketText(result),
    await draw(priceFigures(result)),
    await draw([chainErrorFigure(result)]),
  );
  parts.push(
    tabulate(
      "Fixings",
      "What became of each fixing time that the run passed.",
      ["status", "fixing times"],
      [...fixingCounts(result.fixings)],
      { file: "fixings.csv" },
    ),
    tabulate(
      "Reports on chain",
      "Why they were sent, and what recording one took.",
      ["reason", "reports", "gas, mean"],
      reasons(result),
      {
        file: "rounds.csv",
      },
    ),
  );
  if (result.settlements.length > 0) {
    parts.push(
      heading("Options"),
      optionsText(result),
      await draw([payoffFigure(result), pnlFigure(result)]),
    );
    parts.push(
      tabulate(
        "Options by kind",
        "In the money, of those settled on a fixing; payout, premium and the buyer's profit and loss of those sold, in percent of the collateral.",
        [
          "kind",
          "options",
          "fixed",
          "split",
          "cancelled",
          { name: "in the money", unit: "%" },
          { name: "payout", unit: "% of collateral" },
          { name: "premium", unit: "% of collateral" },
          { name: "P&L, mean", unit: "% of collateral" },
          { name: "P&L, 5 %", unit: "% of collateral" },
          { name: "P&L, 95 %", unit: "% of collateral" },
        ],
        kindRows(result),
        { prices: true, file: "settlements.csv" },
      ),
      moneyTable(result, tabulate),
      differencesTable(result, tabulate),
    );
  }
  for (const study of ordered(result.studies)) {
    const ofCost = study.name === "cost";
    const short = study.name === "collateral-shocks" ? shocksByShare(study, result.feed) : study;
    parts.push(heading(study.title), `<p>${escape(short.about)}</p>`);
    parts.push(await draw(ofCost ? [gasFigure(result)] : studyFigures(study)));
    const { heads, rows, told } = narrowed(short);
    parts.push(
      tabulate(study.title, told, heads, rows, { prices: !ofCost, file: `study-${study.name}.csv` }),
    );
  }
  if (result.gas.length > 0) {
    if (!result.studies.some(({ name }) => name === "cost"))
      parts.push(heading("Gas"), await draw([gasFigure(result)]));
    parts.push(
      tabulate(
        "Gas by action",
        "As the chain's receipts have it.",
        ["action", "times", "least", "median", "95 %", "most", "all together"],
        result.gas.map(({ action, count, least, p50, p95, most, total }) => [
          action,
          count,
          least,
          p50,
          p95,
          most,
          total,
        ]),
        { file: "gas.csv" },
      ),
    );
  }
  parts.push(heading("Data"), dataTables(result, tabulate));
  parts.push(heading("How this was made, and how to cite it"), provenance(result));

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escape(`${MARKS[result.manifest.provenance]}: ${titleOf(result)}`)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<div class="strip">${MARKS[result.manifest.provenance]}: ${stripText(result)}</div>
<main>
<header>
<p class="kind">Nakane laboratory · simulation report</p>
<h1>${escape(titleOf(result))}</h1>
${typeof about === "string" ? `<p class="lead">${escape(about)}</p>\n` : ""}<p>${escape(lead(result))}</p>
</header>
${parts.filter((part) => part !== "").join("\n")}
<footer>nakane ${escape(result.manifest.versions.nakane)} · seed ${result.manifest.seed} · scenario ${escape(result.manifest.scenarioSha256.slice(0, 12))} · ${MARKS[result.manifest.provenance]} prices, not for trading</footer>
</main>
</body>
</html>
`;
}

type Tabulate = (
  title: string,
  about: string,
  heads: readonly (string | { readonly name: string; readonly unit: string })[],
  rows: readonly (readonly Shown[])[],
  options?: { readonly prices?: boolean; readonly file?: string },
) => string;

/** `quiet-day` is called `Quiet day`. */
function titleOf({ manifest, feed }: Result): string {
  const { name } = manifest.scenario;
  if (typeof name !== "string" || name === "") return `Options on fixings of ${feed.symbol}`;
  const words = name.replace(/[-_]+/g, " ");
  // A scenario's own words are not about prices of another's.
  const on = manifest.provenance === "replay" ? ` on ${manifest.data?.name ?? "recorded prices"}` : "";
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}${on}`;
}

function stripText({ manifest }: Result): string {
  return manifest.provenance === "replay"
    ? `recorded prices played again${manifest.data === null ? "" : ` (${escape(manifest.data.name)})`}; nothing here is a live price`
    : `invented prices (seed ${manifest.seed}); nothing here is a market price`;
}

function lead(result: Result): string {
  const { path, feed, settlements, fixings, rounds, manifest } = result;
  const [first, last] = [path[0], path.at(-1)];
  const what =
    manifest.provenance === "replay"
      ? `${shown(path.length)} recorded prices of ${feed.symbol}`
      : `a synthetic path of ${shown(path.length)} prices of ${feed.symbol}`;
  const when =
    first === undefined || last === undefined ? "" : `, ${time(first.time)} to ${time(last.time)} UTC,`;
  const options =
    settlements.length === 0
      ? ""
      : ` ${shown(settlements.length)} options were created on these fixings, and sold, settled and paid, or taken back.`;
  return `${what[0]?.toUpperCase() ?? ""}${what.slice(1)}${when} went through the oracle's own market code, signers, relayer and contracts on a local chain: ${shown(rounds.length)} reports were recorded and ${shown(fixings.length)} fixing times passed.${options}`;
}

function facts(result: Result, mark: string): string {
  const { settlements, fixings, money, gas } = result;
  const wrong = settlements.filter(({ difference }) => difference !== 0n).length;
  const good = fixings.filter(({ price }) => price !== null).length;
  const errors = fixings.flatMap(({ price, truth }) =>
    price === null || truth === null ? [] : [Math.abs(Number(price) / Number(truth) - 1) * 10_000],
  );
  const [p95 = 0, most = 0] = errors.length === 0 ? [] : quantiles(errors, [0.95, 1]);
  const stuck = money.reduce((sum, account) => sum + account.stuck + account.reverts, 0);
  const [record] = gas.filter(({ action }) => /record/i.test(action)).sort((a, b) => b.count - a.count);
  const cancelled = settlements.filter(({ outcome }) => outcome === "cancelled").length;
  const rows: [string, string][] = [
    ["fixings with a price", `${shown(good)} <small>of ${shown(fixings.length)}</small>`],
    [
      "error of a fixing, 95 % and largest",
      `${p95.toFixed(2)}, ${most.toFixed(2)} <small>bp</small> ${mark}`,
    ],
    [
      "options settled",
      `${shown(settlements.length - cancelled)} <small>of ${shown(settlements.length)}${cancelled === 0 ? "" : `, ${shown(cancelled)} never sold`}</small>`,
    ],
    ["payouts that differ from the exact one", shown(wrong)],
    ["options stuck, claims refused", shown(stuck)],
    ...(record === undefined ? [] : ([["gas to record, median", shown(record.p50)]] as [string, string][])),
  ];
  return `<dl class="facts">${rows.map(([name, html]) => `<div><dt>${escape(name)}</dt><dd>${html}</dd></div>`).join("")}</dl>`;
}

function marketText({ feed, manifest }: Result): string {
  const [method = ""] = feed.method.split("\n");
  const keys = manifest.signing === "local KMS" ? "keys in a local KMS" : "keys in the process itself";
  return `<p>${escape(`${feed.symbol}, ${feed.decimals} decimals. ${method} Each report bears ${manifest.quorum} of ${manifest.signers} signatures, by ${keys}.`)}</p>`;
}

function optionsText({ settlements, money, manifest }: Result): string {
  const dust = money.reduce((sum, account) => sum + account.dust, 0n);
  const wrong = settlements.filter(({ difference }) => difference !== 0n).length;
  const { options } = manifest.scenario as { options?: { payoff?: { reference?: string } } };
  const own = settlements.filter(({ terms }) => terms.contract === "PayoffOptions").length;
  const unproven =
    own > 0 && options?.payoff?.reference === undefined
      ? ` But for ${shown(own)} of a contract of one's own: no reference was given, and they are what that contract says.`
      : "";
  const check =
    wrong === 0
      ? `Every payout is the exact one, rounded down, as worked out apart from the contracts with whole numbers.${unproven}`
      : `<span class="found">${shown(wrong)} of the payouts differ from the exact one</span>: the table below lists them.`;
  return `<p>${check} What was locked came back to its last unit: payouts, refunds and ${shown(dust)} units of dust are the collateral.</p>`;
}

function moneyTable({ money }: Result, tabulate: Tabulate): string {
  return tabulate(
    "Where the money went",
    "By token. The last three columns must be 0: collateral − payouts − refunds − dust in the token's smallest unit, options that are stuck, claims that were refused.",
    [
      "token",
      "options",
      "premiums",
      "collateral",
      "payouts",
      "refunds",
      "dust, units",
      "missing, units",
      "stuck",
      "refused",
    ],
    money.map((account) => [
      account.token,
      account.options,
      amount(account.premiums, account.decimals),
      amount(account.collateral, account.decimals),
      amount(account.payouts, account.decimals),
      amount(account.refunds, account.decimals),
      account.dust,
      account.collateral - account.payouts - account.refunds - account.dust,
      account.stuck,
      account.reverts,
    ]),
    { prices: true },
  );
}

function differencesTable({ settlements }: Result, tabulate: Tabulate): string {
  const wrong = settlements.filter(({ difference }) => difference !== 0n);
  if (wrong.length === 0) return "";
  return tabulate(
    "Payouts that differ from the exact one",
    "In the token's smallest unit.",
    ["option", "kind", "settled on", "payout", "exact", "difference"],
    wrong.map((settlement) => [
      settlement.option,
      settlement.terms.kind,
      settlement.fixing,
      settlement.payout,
      floorOf(settlement),
      settlement.difference,
    ]),
    { prices: true, file: "settlements.csv" },
  );
}

function floorOf({ exact }: Settlement): bigint {
  return exact.numerator / exact.denominator;
}

function reasons({ rounds }: Result): readonly (readonly Shown[])[] {
  const byReason = new Map<string, { count: number; gas: bigint }>();
  for (const { reason, gas } of rounds) {
    const { count, gas: sum } = byReason.get(reason) ?? { count: 0, gas: 0n };
    byReason.set(reason, { count: count + 1, gas: sum + gas });
  }
  return [...byReason].map(([reason, { count, gas }]) => [reason, count, gas / BigInt(count)]);
}

function dataTables({ gaps, outliers, manifest, feed }: Result, tabulate: Tabulate): string {
  const parts: string[] = [];
  if (manifest.provenance === "simulated" || manifest.data === null) {
    const drawn =
      manifest.data === null
        ? "No file was read."
        : `Its returns are drawn from ${escape(manifest.data.name)} (${escape(manifest.data.format)}).`;
    parts.push(
      `<p>The path is synthetic (${escape(manifest.generator)}, seed ${manifest.seed}). ${drawn}</p>`,
    );
  } else if (gaps.length === 0) {
    parts.push(`<p>${escape(manifest.data.name)} (${escape(manifest.data.format)}) has no gaps.</p>`);
  }
  if (gaps.length > 0) {
    parts.push(
      tabulate(
        "Gaps",
        "Prices that the data does not have. They are never filled.",
        ["after", "before", "missing", "line"],
        gaps.map(({ after, before, missing, line }) => [
          time(after / 1000),
          time(before / 1000),
          missing,
          line,
        ]),
      ),
    );
  }
  parts.push(
    outliers.length === 0
      ? "<p>No price is far from the one before it.</p>"
      : tabulate(
          "Steps out of the ordinary",
          "Prices far from the one before them. They are used as they are.",
          ["time", `price, ${feed.symbol}`, "before", { name: "step", unit: "bp" }],
          outliers.map(({ time: at, price, before, basisPoints }) => [
            time(at),
            quote(price, feed.decimals),
            quote(before, feed.decimals),
            basisPoints,
          ]),
          { prices: true },
        ),
  );
  return parts.join("\n");
}

function provenance(result: Result): string {
  const { manifest } = result;
  const code = (text: string) => `<code>${escape(text)}</code>`;
  const { nakane, commit } = manifest.versions;
  const version = commit === null ? nakane : `${nakane} at ${commit}`;
  const rows: [string, string][] = [
    ["prices", MARKS[manifest.provenance]],
    ["nakane", code(version)],
    [
      "Node, Hardhat, solc",
      code(`${manifest.versions.node}, ${manifest.versions.hardhat}, ${manifest.versions.solc}`),
    ],
    ["seed and generator", `${code(String(manifest.seed))} ${escape(manifest.generator)}`],
    ["scenario, sha256", code(manifest.scenarioSha256)],
    ...(manifest.data === null
      ? []
      : ([
          ["data", `${code(manifest.data.name)} ${escape(manifest.data.format)}`],
          ["data, sha256", code(manifest.data.sha256)],
        ] as [string, string][])),
    ["signing", `${escape(manifest.signing)}, ${manifest.quorum} of ${manifest.signers}`],
    ...Object.entries(manifest.bytecode).map(([name, hash]): [string, string] => [
      `code of ${name}`,
      code(hash),
    ]),
  ];
  const data = manifest.data === null ? "" : `, data sha256 ${manifest.data.sha256}`;
  const cite = `${titleOf(result)}. Nakane ${version} simulation (${MARKS[manifest.provenance]}), seed ${manifest.seed}, scenario sha256 ${manifest.scenarioSha256}${data}.`;
  return [
    "<p>The same scenario, seed, data and versions give this page again, byte for byte.</p>",
    list(rows, "<b>Manifest.</b> What the run was made from."),
    "<h3>To cite this run</h3>",
    `<pre>${escape(cite)}</pre>`,
    "<h3>The scenario as it was run</h3>",
    `<pre>${escape(JSON.stringify(manifest.scenario, null, 2))}</pre>`,
  ].join("\n");
}

const ORDER = [
  "path",
  "sweep",
  "oracle-error",
  "compare-oracles",
  "writer-pnl",
  "collateral-shocks",
  "collateral-time",
  "manipulation",
  "manipulation-print",
  "manipulation-chooser",
  "cost",
];

/** The studies in the order in which one reads them; those that are not known here come last. */
function ordered(studies: readonly Study[]): readonly Study[] {
  const place = ({ name }: Study) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return studies.toSorted((a, b) => place(a) - place(b));
}

/**
 * The study of shocks as a page has room for it: a row for each series and shock, with what is paid and what is missing in
 * percent of the full collateral, a column for each share of it that is locked.
 */
function shocksByShare(study: Study, { symbol, decimals }: Result["feed"]): Study {
  const place = (name: string) => study.columns.findIndex((column) => column.name === name);
  const [share, price, locked, payout, missing] = [
    place("locked_share"),
    place("price"),
    place("locked"),
    place("payout"),
    place("shortfall_share"),
  ];
  const shares = [...new Set(study.rows.map((row) => Number(row[share])))].sort((a, b) => b - a);
  const same = [place("kind"), place("strike"), place("bound"), place("shock")];
  const groups = Map.groupBy(study.rows, (row) => same.map((i) => String(row[i])).join(" "));
  const rows = [...groups.values()].flatMap((group) => {
    const [row] = group;
    if (row === undefined) return [];
    const whole = Number(row[locked]) / Number(row[share]);
    const [kind = null, strike = null, bound = null, shock = null] = same.map((i) => row[i] ?? null);
    const inFull = (units: Cell) => (typeof units === "bigint" ? quote(units, decimals) : units);
    return [
      [
        ...[kind, inFull(strike), bound === 0n ? null : inFull(bound)],
        ...[String(shock).replace(/^-/, "−").replace(/^x/, "×"), inFull(row[price] ?? null)],
        whole > 0 ? rounded(Number(row[payout]) / whole, 2) : 0,
        ...shares.map((of) => rounded(Number(group.find((one) => one[share] === of)?.[missing] ?? 0), 2)),
      ],
    ];
  });
  return {
    ...study,
    about:
      "What is paid after a shock, and what is missing of it where only a share of the full collateral is locked. The contracts ask for 100 %: then nothing can be missing, at any price that the chain can hold.",
    columns: [
      { name: "kind", unit: "" },
      { name: "strike", unit: symbol },
      { name: "bound", unit: symbol },
      { name: "shock", unit: "" },
      { name: "price", unit: symbol },
      { name: "paid", unit: "% of full collateral" },
      ...shares.map((of) => ({ name: `missing, ${of} % locked`, unit: "% of full collateral" })),
    ],
    rows,
  };
}

/** A price for people: with all digits of its feed, so that those of a column stand below each other. */
function quote(units: bigint, decimals: number): string {
  return grouped(formatUnits(units, decimals));
}

/** An amount for people: four digits after the point, and `…` where there are more. */
function amount(units: bigint, decimals: number): string {
  const [whole = "", fraction = ""] = formatUnits(units, decimals).split(".");
  const [digits, more] = [fraction.slice(0, 4).replace(/0+$/, ""), /[1-9]/.test(fraction.slice(4))];
  return grouped(whole) + (digits === "" && !more ? "" : `.${more ? `${fraction.slice(0, 4)}…` : digits}`);
}

/** A study's table without the columns that say the same in every row; these are told in a sentence. */
function narrowed(study: Study): {
  heads: readonly { name: string; unit: string }[];
  rows: readonly (readonly Shown[])[];
  told: string;
} {
  const same = study.columns.map(
    (_, i) =>
      study.columns.length > 6 &&
      study.rows.length > 2 &&
      study.rows.every((row) => row[i] === study.rows[0]?.[i]),
  );
  const keep = <T>(list: readonly T[]) => list.filter((_, i) => same[i] !== true);
  const told = study.columns.flatMap(({ name, unit }, i) => {
    const cell = study.rows[0]?.[i] ?? null;
    if (same[i] !== true || cell === null) return [];
    return [`${spoken(name)} ${shown(cell)}${unit === "" ? "" : ` ${unit}`}`];
  });
  return {
    heads: keep(study.columns).map(({ name, unit }) => ({ name: spoken(name), unit })),
    rows: study.rows.map(keep),
    told: told.length === 0 ? "" : `In every row: ${told.join(", ")}.`,
  };
}
