/** Opens a ledger, writes to it, and comes to its end without closing it. */
import { systemClock } from "../../../oracle/clock.ts";
import { openLedger } from "../../../oracle/ledger/open-ledger.ts";
import { FIXING, reportAt } from "./rig.ts";

const [file = ""] = process.argv.slice(2);
const ledger = await openLedger({ file, instance: "idle", clock: systemClock() });
await ledger.putReport(reportAt(FIXING));
