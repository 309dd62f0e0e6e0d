import type { TopLevelSpec } from "vega-lite";

import { PLOT_CONFIG, WIDTH } from "./theme.ts";

/** One row of what a figure shows. */
export type Datum = Readonly<Record<string, string | number | null>>;

/** A picture that says what it shows: the rows are all that is drawn. */
export interface Figure {
  /** Letters, digits and hyphens; one of its kind in the page. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** Whether prices show in it: then it bears the mark. */
  readonly prices: boolean;
  readonly values: readonly Datum[];
  /** Vega-Lite, without data, configuration and width. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Why nothing could be drawn. */
export class PlotError extends Error {
  override readonly name = "PlotError";
}

/**
 * Draws a figure as SVG that stands by itself inside HTML: no script, no address, no name that another figure has.
 *
 * Vega without a canvas estimates how wide a text is, by its length alone, so the same figure gives the same bytes on every
 * machine.
 * @throws PlotError where Vega is not installed: it is a development dependency
 */
export async function plot(figure: Figure): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  const spec = {
    autosize: { type: "fit-x", contains: "padding" },
    width: WIDTH,
    ...figure.spec,
    data: { values: figure.values as Datum[] },
    config: PLOT_CONFIG,
  };
  const { spec: compiled } = vegaLite.compile(spec as unknown as TopLevelSpec);
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  try {
    return inline(await view.toSVG(), figure);
  } finally {
    view.finalize();
  }
}

/** @throws PlotError where it is not installed */
async function loadVega() {
  try {
    const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
    return { vega, vegaLite };
  } catch (error) {
    throw new PlotError(
      "The report's figures are drawn by vega and vega-lite, and they are not installed. They are development dependencies: run npm install without --omit=dev, or leave the report out. CSV and JSON need neither.",
      { cause: error },
    );
  }
}

/**
 * As it may stand in a page beside others: spoken of by its title, without what only a file needs, and with names of its own.
 * Vega counts its names on from figure to figure; here each figure begins anew.
 */
function inline(svg: string, { id, title }: Figure): string {
  const names = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, name]) => name);
  const own = (name: string) => `${id}-${names.indexOf(name) + 1}`;
  return svg
    .replace(/ xmlns(:xlink)?="[^"]*"/g, "")
    .replace(' version="1.1" class="marks"', ` role="img" aria-label="${attribute(title)}"`)
    .replace(/ id="([^"]*)"/g, (_, name: string) => ` id="${own(name)}"`)
    .replace(/url\(#([^)]*)\)/g, (_, name: string) => `url(#${own(name)})`)
    .replace(
      / (aria-hidden="true"|role="graphics-[a-z]+"|aria-roledescription="[^"]*"|pointer-events="none")/g,
      "",
    )
    .replace(/ class="(mark-[a-z]+ [^"]*|background|foreground)"/g, "")
    .replace(/<path d="M0,0h0v0h0Z"\/>|<g><\/g>|<path d=""[^>]*\/>/g, "");
}

function attribute(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
