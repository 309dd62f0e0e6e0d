import { shownBy } from "./shown-by.ts";

/** Several files show a line together. */
function together(...bodies: readonly (() => void)[]): () => void {
  return () => {
    for (const body of bodies) body();
  };
}

/**
 * What the running oracle promises, line by line. A line without a body is pending: nothing shows it yet. A line is filled in
 * by naming the test or the command that shows it; at the end none is pending.
 */
describe("run: acceptance", () => {
  describe("market", () => {
    it(
      "reads bitFlyer, Coincheck, bitbank, GMO Coin, BTCBOX, Zaif, Kraken, Coinbase, Bitstamp and Binance in small files with strict schemas",
      together(
        shownBy(
          "test/oracle/market/venues/cases.ts",
          "is read without refusals or unknown fields",
          "refuses anything else in its place, and throws nothing but its own error",
        ),
        shownBy("test/oracle/market/docs.test.ts", "says of ${venue.name} what its reader does"),
      ),
    );
    it(
      "asks the venues' present addresses; terms and limits of each are in the docs",
      shownBy(
        "test/oracle/market/docs.test.ts",
        'has every venue under "${heading.slice(3)}"',
        "has the paths of ${venue.name}",
      ),
    );
    it(
      "shares one token bucket per venue and egress, half the documented limit, and honours Retry-After",
      together(
        shownBy(
          "test/oracle/market/rate-limits.test.ts",
          "has one budget per venue, whoever asks",
          "is half of what a venue allows, and at most ten seconds of it at once",
          "leaves only the venue alone that asked for it",
        ),
        shownBy("test/oracle/market/market.test.ts", "leaves a venue alone that asks for it"),
      ),
    );
    it(
      "reads any other JSON source by URL, pointer, decimals and time field",
      shownBy(
        "test/oracle/market/source.test.ts",
        "finds prices by pointer, numbers or texts, and times in their format",
        "puts the point where it is told for whole numbers, and refuses others",
      ),
    );
    it(
      "knows maintenance windows as data, so that an expected absence is no alert",
      together(
        shownBy(
          "test/oracle/market/market.test.ts",
          "expects bitFlyer to be away from 04:00 to 04:10 in Tokyo, and nobody else",
        ),
        shownBy(
          "test/oracle/run/readiness.test.ts",
          "repeats what failing sources say, but not those that are in maintenance",
        ),
      ),
    );
    it(
      "aggregates as specified, and checks units of derived feeds at configuration",
      together(
        shownBy(
          "test/oracle/market/aggregate.test.ts",
          "is the element ⌊k/2⌋ of the ascending list",
          "never averages two: too few from the start, or after dropping, is no price",
        ),
        shownBy("test/oracle/feeds/read-catalog.test.ts", "refuses ${what}", "a missing multiplication"),
      ),
    );
    it(
      "simulates four venues that speak their protocols, from a seed or from a file, and disagree a little",
      shownBy(
        "test/oracle/market/market.test.ts",
        "hears four venues that speak differently and disagree a little, and prices what they say",
        "has every venue publish a bar's close when it is over, all alike, and nothing in a gap",
      ),
    );
    it(
      "says SIMULATED or REPLAY wherever such a price shows",
      together(
        shownBy(
          "test/oracle/api/latest.test.ts",
          "price says ${mark} wherever it shows, and every answer says so in its header",
        ),
        shownBy(
          "test/scripts/start.test.ts",
          "says that prices are simulated, first of all and wherever one shows",
        ),
      ),
    );
  });

  describe("parts", () => {
    it(
      "signer: four signer objects over the in-memory transport, each with its own store, market and KMS key",
      together(
        shownBy(
          "test/oracle/run/open-instance.test.ts",
          "agrees, keeps, records and answers; stopped, it goes on where it was",
          "pages when a key is disabled, goes on with the others, and brings what is late once it can",
        ),
        shownBy(
          "test/oracle/signer/agreement/quorum-signer.test.ts",
          "leaves a signer out whose market is ten times too high",
        ),
      ),
    );
    it(
      "ledger: worker thread, migrations, tick records, audit chain from the first row",
      together(
        shownBy("test/oracle/ledger/worker.test.ts", "that dies takes its promises with it"),
        shownBy(
          "test/oracle/ledger/opening.test.ts",
          "are applied once each, in their order, and noted with their time",
        ),
        shownBy(
          "test/oracle/ledger/ticks.test.ts",
          "come back exactly, in any order, whatever they are, also from a file opened again",
        ),
        shownBy(
          "test/oracle/ledger/audit.test.ts",
          "tell of every write, numbered without gaps, each continuing the one before",
        ),
      ),
    );
    it(
      "decision: pure, monotone in deviation, indifferent to input order, every reason",
      together(
        shownBy(
          "test/oracle/ledger/decision/decide.test.ts",
          "says ${reason} where it alone holds",
          "never loses a deviation to a larger move in the same direction",
          "does not mind in which order feeds stand: a feed's verdict is its own",
        ),
        shownBy("eslint.config.ts", '"ledger/decision"'),
      ),
    );
    it(
      "relayer: sends with confirmation, reads at one block, checks chain id and code, simulates at the next block's time",
      together(
        shownBy(
          "test/oracle/relayer/relayer.test.ts",
          "records everything at first, with one transmission that the ledger knows from its intent to its block",
          "needs no block at the report's time: it is simulated at the next block's",
        ),
        shownBy(
          "test/oracle/relayer/rpc/chain-reader.test.ts",
          "reads everything at one block, though a new one comes in between",
          "checks the code once",
        ),
        shownBy("test/oracle/relayer/rpc/json-rpc.test.ts", "asks for the chain id with every exchange"),
      ),
    );
    it(
      "schedules are hints; what is due comes from state",
      together(
        shownBy(
          "test/oracle/relayer/schedule.test.ts",
          "wakes at its time, which is the time that the chain's state is asked about",
        ),
        shownBy(
          "test/oracle/relayer/relayer.test.ts",
          "sends a scheduled price once, and a restart catches up exactly once",
        ),
      ),
    );
    it(
      "api: feeds, latest, fixing, report bytes, live, ready with reasons; zod both ways; OpenAPI checked against the routes",
      together(
        shownBy("test/oracle/api/openapi.test.ts", "documents every route, and no other"),
        shownBy(
          "test/oracle/api/feeds.test.ts",
          "lists all feeds, with the chain and the network that they are on",
        ),
        shownBy(
          "test/oracle/api/latest.test.ts",
          "says what the signers agreed on and what the chain has, each with its time and age",
        ),
        shownBy(
          "test/oracle/api/fixings.test.ts",
          "says what the chain has, and gives the part that proves it",
        ),
        shownBy(
          "test/oracle/api/reports.test.ts",
          "gives the newest report in bytes that the contract takes",
        ),
        shownBy(
          "test/oracle/api/health.test.ts",
          "is ready when every check is, and says of each why or why not",
        ),
        shownBy(
          "test/oracle/api/strangers.test.ts",
          "what a schema does not list is never sent; an answer that drifts is an error of ours",
        ),
      ),
    );
    it(
      "config: one documented file, a published JSON Schema, unknown keys refused with a suggestion, secrets from the environment",
      together(
        shownBy(
          "test/docs/config.test.ts",
          "has every key and every variable, in the words of the schema, and no other",
          "is the schema that the file is checked by",
        ),
        shownBy("test/oracle/run/run-command.test.ts", 'did you mean "instance"?'),
        shownBy(
          "test/oracle/config/secrets.test.ts",
          "come from the environment: the identity, and a node's address that holds a key",
        ),
      ),
    );
    it(
      ".env.example is complete, and an undocumented key fails a test",
      shownBy(
        "test/docs/config.test.ts",
        ".env.example lists every variable with what it holds, and sets none",
        "has every key and every variable, in the words of the schema, and no other",
      ),
    );
  });

  describe("the run", () => {
    it(
      "npm start needs no account, key or file; each start is a new world in a new folder, the last three kept",
      together(
        shownBy(
          "test/scripts/start.test.ts",
          "keeps the newest three folders, with everything of this run in its own",
        ),
        shownBy("test/scripts/start/run-folder.test.ts", "gives two starts of one second a folder each"),
      ),
    );
    it(
      "a default port that is taken is passed over, a named one is an error",
      together(
        shownBy(
          "test/scripts/start.test.ts",
          "passes over the port that is taken, and prints the new one",
          "refuses a port that was named and is taken",
        ),
        shownBy(
          "test/oracle/run/open-instance.test.ts",
          "refuses a port that was named and is taken, and passes over the default one",
        ),
      ),
    );
    it(
      "lives two hours from a fixed seed at full speed, then joins the wall clock and stays up",
      together(
        shownBy(
          "test/scripts/start/world-plan.test.ts",
          "lives two hours, struck at the first fixing, expiring at the last that is final by now",
          "is the same for the same seed, and another for another",
        ),
        shownBy(
          "test/scripts/start/drive.test.ts",
          "lives the past, waking everybody in time, and then goes with the system",
        ),
        shownBy(
          "test/scripts/start.test.ts",
          "ends with 0 within three seconds of Ctrl-C, all of it on disk",
        ),
      ),
    );
    it(
      "deploys, disagrees, leaves a liar out, signs by 3 of 4, refuses a forged report, sells and settles a call and a put, one paying",
      together(
        shownBy(
          "test/scripts/start.test.ts",
          "leaves the venue that lies out, and lets it back in",
          "signs by three of four, and has a forged report refused",
          "exactly one pays, by arithmetic that is right",
        ),
        shownBy(
          "test/scripts/start/forge.test.ts",
          "is refused by the chain, in the contract's own words, and changes nothing",
        ),
      ),
    );
    it(
      "ends the story in at most 24 lines with four commands that work as printed",
      shownBy(
        "test/scripts/start.test.ts",
        "ends with a screen of at most 24 lines",
        "prints four commands that work as they are",
      ),
    );
    it(
      "Ctrl-C drains and ends within 3 s",
      shownBy("test/scripts/start.test.ts", "ends with 0 within three seconds of Ctrl-C, all of it on disk"),
    );
    it(
      "--simulated and --replay refuse keys, salts and chain ids of an address book marked production",
      together(
        shownBy("test/scripts/start.test.ts", "is said at once, with what to do, before anything is made"),
        shownBy(
          "test/scripts/start/refuse-books.test.ts",
          "refuses the chain of a production network, simulated or replayed",
          "refuses the salt of a production network, whatever that is called",
        ),
        shownBy(
          "test/oracle/config/refuse-production.test.ts",
          "refuses a key by its address or its ARN, in any writing and any Region",
        ),
      ),
    );
    it(
      "--live uses the real venues and says when the first fixing falls",
      together(
        shownBy(
          "test/scripts/start/narrate.test.ts",
          "says of a live run when the first fixing falls, and who the venues are",
        ),
        shownBy(
          "test/scripts/start/world-plan.test.ts",
          "strikes at the next fixing that new signers may vote on, and expires at the one after",
        ),
      ),
    );
    it(
      "--replay takes every format of the market data; a bar is known at its end and never before; gaps are reported",
      together(
        shownBy(
          "test/scripts/start/world-plan.test.ts",
          "plans ${name}, with the prices that the witness finds",
          "takes bars of every length: seconds, five minutes, hours, days",
        ),
        shownBy(
          "test/scripts/start.test.ts",
          "knows a bar at its end and never before, and reports a gap instead of filling it",
        ),
      ),
    );
    it(
      "a day of minutes takes under 30 s",
      shownBy("scripts/clone.ts", "a day of minutes in ${DAY} s", "const DAY = 30"),
    );
    it(
      "--until-settled ends with 0 after the settlement; --json ends with one line, payoff equal to expected-payoff's",
      together(
        shownBy(
          "test/scripts/start.test.ts",
          "ends with 0 and one line of JSON, marked as what it is",
          "pays the call of a file that rises, as the file alone says",
        ),
        shownBy(
          "test/scripts/expected-payoff.test.ts",
          "imports nothing of the project, and runs where there is nothing else",
        ),
      ),
    );
    it(
      "a replay of a file that rises pays the call, of one that falls the put",
      shownBy(
        "test/scripts/start.test.ts",
        "pays the call of a file that rises, as the file alone says",
        "pays the put of a file that falls",
      ),
    );
    it(
      "clone to option paid within 120 s with a cold cache, second start within 25 s",
      shownBy(
        "scripts/clone.ts",
        "from the clone to the option paid in ${FIRST_START} s",
        "the second start in ${SECOND_START} s",
      ),
    );
    it(
      "bench:tick: p50 at most 3 times the bare loop, p99 at most 5 x p50, 5 % changed at most a quarter, memory flat",
      together(
        shownBy("scripts/bench-tick.ts", "TARGETS"),
        shownBy(
          "test/scripts/bench-tick.test.ts",
          "measures every stage at 100, 1,000 and 10,000 feeds beside the bare loop, and memory",
        ),
      ),
    );
  });

  describe("bad input: a clear message, a remedy, a non-zero exit, nothing half-done", () => {
    it(
      "a malformed price file",
      together(
        shownBy("test/scripts/start.test.ts", "is said at once, with what to do, before anything is made"),
        shownBy(
          "test/scripts/start/world-plan.test.ts",
          "refuses a file that is malformed, unsorted or has a time twice, naming the line and what to do",
        ),
      ),
    );
    it(
      "an unsorted or duplicated timestamp",
      shownBy(
        "test/scripts/start/world-plan.test.ts",
        "refuses a file that is malformed, unsorted or has a time twice, naming the line and what to do",
      ),
    );
    it(
      "a gap is reported, never filled",
      shownBy(
        "test/scripts/start.test.ts",
        "knows a bar at its end and never before, and reports a gap instead of filling it",
      ),
    );
    it(
      "an unknown venue field",
      together(
        shownBy(
          "test/oracle/market/market.test.ts",
          "reports a new field once and reads on, or refuses it where it was told to",
        ),
        shownBy("test/oracle/run/source-teller.test.ts", "names fields that a reader does not know"),
      ),
    );
    it(
      "HTML instead of JSON",
      together(
        shownBy("test/oracle/market/market.test.ts", "says HTML is no JSON"),
        shownBy(
          "test/oracle/run/source-teller.test.ts",
          "tells once that a source fails, again when it fails in another way, and when it is back",
        ),
        shownBy(
          "test/oracle/run/open-instance.test.ts",
          "refuses a node that answers in HTML, is not there, or has no oracle",
        ),
        shownBy(
          "test/oracle/run/run-command.test.ts",
          "refuses what it cannot start from with 1, says what is wrong and what to do, and leaves nothing behind",
        ),
      ),
    );
    it(
      "a config error",
      together(
        shownBy(
          "test/oracle/config/read-config.test.ts",
          "says everything that is wrong at once, where, both sides, and which file",
        ),
        shownBy(
          "test/oracle/run/run-command.test.ts",
          "refuses what it cannot start from with 1, says what is wrong and what to do, and leaves nothing behind",
        ),
      ),
    );
    it(
      "an RPC on the wrong chain",
      together(
        shownBy("test/oracle/run/open-instance.test.ts", "refuses a node of another chain"),
        shownBy(
          "test/oracle/run/run-command.test.ts",
          "refuses what it cannot start from with 1, says what is wrong and what to do, and leaves nothing behind",
        ),
        shownBy(
          "test/oracle/relayer/relayer.test.ts",
          "does nothing on another chain, or where the oracle is not, and says what to do",
        ),
      ),
    );
    it(
      "a disabled KMS key",
      together(
        shownBy(
          "test/oracle/run/open-instance.test.ts",
          "refuses a key that is disabled, before anything is started",
          "pages when a key is disabled, goes on with the others, and brings what is late once it can",
        ),
        shownBy(
          "test/oracle/run/run-command.test.ts",
          "refuses what it cannot start from with 1, says what is wrong and what to do, and leaves nothing behind",
        ),
      ),
    );
    it(
      "a full disk",
      together(
        shownBy(
          "test/oracle/run/full-disk.test.ts",
          "says so, is not ready, carries nothing that is not kept, and goes on where there is space again",
        ),
        shownBy(
          "test/oracle/run/run-command.test.ts",
          "ends with 1 on a full disk, naming the file and the remedy, with nothing written by half",
        ),
        shownBy(
          "test/oracle/ledger/disk-full.test.ts",
          "refuses what it cannot keep, names the file, the free space and the remedy, and keeps the rest",
        ),
      ),
    );
  });

  it(
    "README: three sentences, two commands, a terminal capture, a section for each of the three users; README.ja.md its twin",
    together(
      shownBy(
        "README.md",
        "## Two commands",
        "## What you then see",
        "## For contract developers",
        "## For operators",
        "## For researchers",
      ),
      shownBy("test/scripts/start.test.ts", "prints what README shows of it, but for the numbers"),
      shownBy("test/docs/twins.test.ts", "README has a twin"),
    ),
  );
});
