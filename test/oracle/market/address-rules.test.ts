import { expect } from "chai";

import { addressObjection, isPublicAddress, urlObjection } from "../../../oracle/market/address-rules.ts";

describe("isPublicAddress", () => {
  const inner = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "3fff::1",
    "localhost",
    "",
  ];
  for (const address of inner) {
    it(`says no to ${address || "nothing"}`, () => {
      expect(isPublicAddress(address)).to.equal(false);
    });
  }

  for (const address of [
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "2606:4700::1111",
    "2400:4050::1",
  ]) {
    it(`says yes to ${address}`, () => {
      expect(isPublicAddress(address)).to.equal(true);
    });
  }
});

describe("urlObjection", () => {
  const refused: [string, RegExp][] = [
    ["http://api.bitflyer.com/v1/ticker", /only https is asked/],
    ["ftp://api.bitflyer.com/", /only https is asked/],
    ["https://user:secret@api.bitflyer.com/", /user name or password/],
    ["https://api.bitflyer.com:8443/", /names port 8443/],
    ["https://127.0.0.1/", /127\.0\.0\.1 is not on the public internet/],
    ["https://2130706433/", /127\.0\.0\.1 is not on the public internet/],
    ["https://0177.0.0.1/", /127\.0\.0\.1 is not on the public internet/],
    ["https://0x7f.1/", /127\.0\.0\.1 is not on the public internet/],
    ["https://[::1]/", /::1 is not on the public internet/],
    ["https://[::ffff:127.0.0.1]/", /is not on the public internet/],
    ["https://169.254.169.254/latest/meta-data/", /is not on the public internet/],
    ["https://localhost/", /name of an inner network/],
    ["https://metadata.google.internal/", /name of an inner network/],
    ["https://printer.local./", /name of an inner network/],
  ];
  for (const [url, objection] of refused) {
    it(`refuses ${url}`, () => {
      expect(urlObjection(new URL(url), "public")).to.match(objection);
    });
  }

  it("lets the public be asked by https", () => {
    expect(
      urlObjection(new URL("https://api.bitflyer.com/v1/ticker?product_code=BTC_JPY"), "public"),
    ).to.equal(null);
    expect(urlObjection(new URL("https://8.8.8.8/"), "public")).to.equal(null);
  });

  it("lets a simulated market ask this machine and nothing else", () => {
    expect(urlObjection(new URL("http://127.0.0.1:8080/x"), "loopback")).to.equal(null);
    expect(urlObjection(new URL("http://[::1]:8080/x"), "loopback")).to.equal(null);
    for (const url of [
      "https://api.bitflyer.com/",
      "http://localhost:8080/",
      "http://10.0.0.1/",
      "http://169.254.169.254/",
    ]) {
      expect(urlObjection(new URL(url), "loopback"), url).to.match(/is not this machine/);
    }
  });
});

describe("addressObjection", () => {
  it("judges what a name was found to be", () => {
    expect(addressObjection("10.0.0.1", "public")).to.equal("10.0.0.1 is not on the public internet");
    expect(addressObjection("8.8.8.8", "public")).to.equal(null);
    expect(addressObjection("8.8.8.8", "loopback")).to.equal("8.8.8.8 is not this machine");
    expect(addressObjection("127.0.0.1", "loopback")).to.equal(null);
  });
});
