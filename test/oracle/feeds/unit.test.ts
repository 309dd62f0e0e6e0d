import { expect } from "chai";

import {
  formatUnit,
  invertUnit,
  multiplyUnits,
  pairSymbol,
  parsePair,
  parseUnit,
  sameUnit,
  unitOfPair,
} from "../../../oracle/feeds/unit.ts";

const of = (symbol: string) => unitOfPair(parsePair(symbol)!);

describe("units", () => {
  it("reads pairs, with and without a tag", () => {
    expect(parsePair("BTC/JPY")).to.deep.equal({ base: "BTC", quote: "JPY" });
    expect(parsePair("BTC/JPY.VWAP-60")).to.deep.equal({ base: "BTC", quote: "JPY" });
    expect(pairSymbol("BTC/JPY.VWAP-60")).to.equal("BTC/JPY");
    expect(pairSymbol("TONA")).to.equal("TONA");
    for (const symbol of ["BTC", "BTC/BTC", "btc/jpy", "BTC/JPY/USD", "/JPY", "BTC/", "BTC/JPY."]) {
      expect(parsePair(symbol), symbol).to.equal(undefined);
    }
  });

  it("multiplies and cancels", () => {
    expect(sameUnit(multiplyUnits(of("BTC/USD"), of("USD/JPY")), of("BTC/JPY"))).to.equal(true);
    expect(sameUnit(multiplyUnits(of("BTC/USD"), of("JPY/USD")), of("BTC/JPY"))).to.equal(false);
    expect(sameUnit(invertUnit(of("USD/JPY")), of("JPY/USD"))).to.equal(true);
    expect(sameUnit(of("BTC/USDT"), of("BTC/USD"))).to.equal(false);
    expect(sameUnit(multiplyUnits(of("BTC/USD"), invertUnit(of("BTC/USD"))), parseUnit("1")!)).to.equal(true);
  });

  it("is written for people", () => {
    expect(formatUnit(of("BTC/JPY"))).to.equal("JPY per BTC");
    expect(formatUnit(parseUnit("1")!)).to.equal("plain number");
    expect(formatUnit(parseUnit("JPY")!)).to.equal("JPY");
    expect(formatUnit(invertUnit(parseUnit("JPY")!))).to.equal("1 per JPY");
    expect(formatUnit(multiplyUnits(of("BTC/USD"), of("BTC/JPY")))).to.equal("JPY·USD per BTC^2");
  });

  it("reads units, and refuses what is none", () => {
    expect(parseUnit("JPY/BTC")).to.deep.equal(
      new Map([
        ["JPY", 1],
        ["BTC", -1],
      ]),
    );
    expect(parseUnit("1/JPY")).to.deep.equal(new Map([["JPY", -1]]));
    for (const text of ["", "jpy", "JPY/JPY", "JPY/1", "JPY per BTC", "A/B/C"])
      expect(parseUnit(text), text).to.equal(undefined);
  });
});
