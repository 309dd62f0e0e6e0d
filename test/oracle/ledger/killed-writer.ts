/** Writes to a ledger until it is killed, and says on standard output what was promised, one line each, as soon as it was. */
import { writeSync } from "node:fs";

import { systemClock } from "../../../oracle/clock.ts";
import { openLedger } from "../../../oracle/ledger/open-ledger.ts";
import { attempt, intentAt, reportAt } from "./rig.ts";

const [file = "", first = ""] = process.argv.slice(2);
const promised = (...what: unknown[]): void => {
  writeSync(1, `${JSON.stringify(what)}\n`);
};

const ledger = await openLedger({ file, instance: "killed", clock: systemClock() });
for (let time = Number(first); ; time += 10) {
  await ledger.putReport(reportAt(time));
  promised("report", time);
  const { id, nonce } = await ledger.openTransmission(intentAt(time), 0);
  promised("intent", id, nonce);
  const { hash } = attempt(time.toString(16));
  await ledger.putAttempt(id, attempt(time.toString(16)));
  promised("attempt", id, hash);
  const { seq } = await ledger.audit("page", { time });
  promised("audit", ledger.writer, seq);
}
