/**
 * What the running oracle promises, line by line. A line without a body is pending: nothing shows it yet. A line is filled in
 * by naming the test or the command that shows it; at the end none is pending.
 */
describe("run: acceptance", () => {
  describe("market", () => {
    it(
      "reads bitFlyer, Coincheck, bitbank, GMO Coin, BTCBOX, Zaif, Kraken, Coinbase, Bitstamp and Binance in small files with strict schemas",
    );
    it("asks the venues' present addresses; terms and limits of each are in the docs");
    it("shares one token bucket per venue and egress, half the documented limit, and honours Retry-After");
    it("reads any other JSON source by URL, pointer, decimals and time field");
    it("knows maintenance windows as data, so that an expected absence is no alert");
    it("aggregates as specified, and checks units of derived feeds at configuration");
    it("simulates four venues that speak their protocols, from a seed or from a file, and disagree a little");
    it("says SIMULATED or REPLAY wherever such a price shows");
  });

  describe("parts", () => {
    it(
      "signer: four signer objects over the in-memory transport, each with its own store, market and KMS key",
    );
    it("ledger: worker thread, migrations, tick records, audit chain from the first row");
    it("decision: pure, monotone in deviation, indifferent to input order, every reason");
    it(
      "relayer: sends with confirmation, reads at one block, checks chain id and code, simulates at the next block's time",
    );
    it("schedules are hints; what is due comes from state");
    it(
      "api: feeds, latest, fixing, report bytes, live, ready with reasons; zod both ways; OpenAPI checked against the routes",
    );
    it(
      "config: one documented file, a published JSON Schema, unknown keys refused with a suggestion, secrets from the environment",
    );
    it(".env.example is complete, and an undocumented key fails a test");
  });

  describe("the run", () => {
    it(
      "npm start needs no account, key or file; each start is a new world in a new folder, the last three kept",
    );
    it("a default port that is taken is passed over, a named one is an error");
    it("lives two hours from a fixed seed at full speed, then joins the wall clock and stays up");
    it(
      "deploys, disagrees, leaves a liar out, signs by 3 of 4, refuses a forged report, sells and settles a call and a put, one paying",
    );
    it("ends the story in at most 24 lines with four commands that work as printed");
    it("Ctrl-C drains and ends within 3 s");
    it("--simulated and --replay refuse keys, salts and chain ids of an address book marked production");
    it("--live uses the real venues and says when the first fixing falls");
    it(
      "--replay takes every format of the market data; a bar is known at its end and never before; gaps are reported",
    );
    it("a day of minutes takes under 30 s");
    it(
      "--until-settled ends with 0 after the settlement; --json ends with one line, payoff equal to expected-payoff's",
    );
    it("a replay of a file that rises pays the call, of one that falls the put");
    it("clone to option paid within 120 s with a cold cache, second start within 25 s");
    it(
      "bench:tick: p50 at most 3 times the bare loop, p99 at most 5 x p50, 5 % changed at most a quarter, memory flat",
    );
  });

  describe("bad input: a clear message, a remedy, a non-zero exit, nothing half-done", () => {
    it("a malformed price file");
    it("an unsorted or duplicated timestamp");
    it("a gap is reported, never filled");
    it("an unknown venue field");
    it("HTML instead of JSON");
    it("a config error");
    it("an RPC on the wrong chain");
    it("a disabled KMS key");
    it("a full disk");
  });

  it(
    "README: three sentences, two commands, a terminal capture, a section for each of the three users; README.ja.md its twin",
  );
});
