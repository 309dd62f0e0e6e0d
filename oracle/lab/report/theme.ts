/** Colours that stay apart for colour-blind eyes and in grey print (after M. Okabe & K. Ito, darkened for white paper). */
export const INK = "#1c1f24";
export const MUTED = "#5f6772";
export const HAIR = "#d9dde2";
export const BLUE = "#1f5c99";
export const RED = "#c2461c";
export const GREEN = "#2b7a58";
export const GOLD = "#a87408";
export const VIOLET = "#75559e";
export const SERIES = [BLUE, RED, GREEN, GOLD, VIOLET, MUTED] as const;

export const SANS = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif';

/** Pixels across a figure: what the page's column is wide. */
export const WIDTH = 760;

/** How every plot looks, in Vega-Lite's words. */
export const PLOT_CONFIG = {
  aria: false,
  background: "transparent",
  font: SANS,
  padding: { left: 2, right: 8, top: 6, bottom: 2 },
  view: { stroke: null },
  axis: {
    domainColor: MUTED,
    tickColor: MUTED,
    tickSize: 4,
    gridColor: HAIR,
    gridOpacity: 0.7,
    labelColor: INK,
    labelFontSize: 11,
    labelPadding: 4,
    titleColor: MUTED,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  axisX: { grid: false, labelFlush: false },
  axisY: { domain: false, ticks: false },
  legend: {
    orient: "top",
    title: null,
    labelColor: INK,
    labelFontSize: 11,
    symbolSize: 60,
    symbolStrokeWidth: 2,
    padding: 0,
    offset: 6,
    symbolOpacity: 1,
    columnPadding: 10,
  },
  header: {
    labelColor: INK,
    labelFontSize: 11,
    labelFontWeight: "bold",
    titleColor: MUTED,
    titleFontSize: 11,
  },
  title: { color: INK, fontSize: 12, fontWeight: "bold", anchor: "start", offset: 6 },
} as const;

/** The page's own style. No font, picture or script comes from anywhere. */
export const STYLE = `
:root { color-scheme: light; --ink: ${INK}; --muted: ${MUTED}; --hair: ${HAIR}; --mark: ${RED}; --link: ${BLUE}; --sans: ${SANS}; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); font: 17px/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Liberation Serif", serif; }
.strip { position: sticky; top: 0; z-index: 1; background: var(--mark); color: #fff; font: 600 12px/1.4 var(--sans); letter-spacing: .04em; text-align: center; padding: .35rem 1rem; }
main { max-width: 47.5rem; margin: 0 auto; padding: 0 1.25rem 5rem; box-sizing: content-box; }
header { padding: 3.2rem 0 1.4rem; border-bottom: 1px solid var(--hair); }
.kind { font: 600 12px/1.4 var(--sans); letter-spacing: .08em; text-transform: uppercase; color: var(--muted); margin: 0 0 .7rem; }
h1 { font-size: 2.15rem; line-height: 1.18; margin: 0 0 .8rem; font-weight: 600; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.32rem; line-height: 1.3; margin: 3.4rem 0 .6rem; font-weight: 600; }
h2 .n { color: var(--muted); font-weight: 400; margin-right: .55em; }
h3 { font-size: 1.05rem; margin: 2rem 0 .4rem; font-weight: 600; }
p { margin: .6rem 0; max-width: 42rem; }
h1, p { overflow-wrap: anywhere; }
.lead { font-size: 1.08rem; }
.mark { display: inline-block; font: 700 10.5px/1 var(--sans); letter-spacing: .07em; color: var(--mark); border: 1.2px solid currentColor; border-radius: 2px; padding: .22em .42em .2em; vertical-align: .14em; white-space: nowrap; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.1rem 1.6rem; margin: 1.9rem 0 .4rem; }
dl.facts div { border-top: 2px solid var(--ink); padding-top: .5rem; }
dl.facts dt { font: 12px/1.35 var(--sans); color: var(--muted); }
dl.facts dd { margin: .1rem 0 0; font-size: 1.42rem; line-height: 1.25; font-variant-numeric: tabular-nums lining-nums; }
dl.facts dd small { font-size: .62em; color: var(--muted); }
figure { margin: 1.7rem 0 2.2rem; }
figure .plot { overflow-x: auto; }
figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }
figcaption, .caption { font: 13px/1.5 var(--sans); color: var(--muted); max-width: 46rem; }
figcaption { margin-top: .55rem; }
figcaption b, .caption b { color: var(--ink); font-weight: 600; }
.caption { margin: 1.8rem 0 .5rem; }
.table { overflow-x: auto; margin: 0 0 2rem; width: max-content; min-width: 100%; max-width: min(100vw - 2.5rem, 72rem); position: relative; left: 50%; transform: translateX(-50%); }
.wrap { width: 100%; }
table { border-collapse: collapse; width: 100%; font: 12.5px/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
th, td { padding: .24rem .7rem .24rem 0; text-align: left; vertical-align: baseline; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th small { display: block; font-weight: 400; color: var(--muted); }
td + td, th + th { padding-left: .25rem; }
td.number, th.number { text-align: right; }
tr + tr td { border-top: 1px solid #eef0f2; }
td.empty { color: var(--muted); }
td.again { color: #8a929c; }
.wrap td { white-space: normal; overflow-wrap: anywhere; }
.wrap td:first-child { white-space: nowrap; color: var(--muted); width: 13rem; }
.found { color: var(--mark); font-weight: 600; }
code, pre { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: #f6f7f8; padding: .9rem 1rem; margin: .8rem 0; border-left: 2px solid var(--hair); }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--hair); font: 13px/1.5 var(--sans); color: var(--muted); }
@media (max-width: 40rem) { body { font-size: 16px; } header { padding-top: 2rem; } h1 { font-size: 1.65rem; } .wrap td:first-child { white-space: normal; width: 8rem; } }
@media print {
  @page { size: A4; margin: 17mm 15mm; }
  body { font-size: 10.2pt; }
  .strip { position: static; color: var(--mark); background: none; border: 1.2px solid var(--mark); }
  main { max-width: none; padding: 0; }
  header { padding-top: 1.4rem; }
  h2, h3 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  figure .plot, .table { overflow: visible; }
  .table { width: 100%; max-width: none; left: 0; transform: none; }
  .caption { break-after: avoid; }
  figure svg { min-width: 0; }
  table { font-size: 7.2pt; }
  th { white-space: normal; }
  th, td { padding-right: .45rem; }
}
`.trim();
