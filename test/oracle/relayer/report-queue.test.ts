import { expect } from "chai";

import type { RelayedReport } from "../../../oracle/relayer/relayed-report.ts";
import { ReportQueue } from "../../../oracle/relayer/report-queue.ts";

const report = (time: number) => ({ time }) as RelayedReport;

describe("ReportQueue", () => {
  const order = (queue: ReportQueue): number[] => {
    const times: number[] = [];
    for (let job = queue.next(0); job !== undefined; job = queue.next(0)) times.push(job.report.time);
    return times;
  };

  it("keeps the newest of those for latest prices, and says which one it drops", () => {
    const queue = new ReportQueue();
    expect(queue.take(report(10))).to.equal(undefined);
    expect(queue.take(report(30))?.report.time).to.equal(10);
    expect(queue.take(report(20))?.report.time).to.equal(20);
    expect(queue.take(report(30))?.report.time).to.equal(30);
    expect(order(queue)).to.deep.equal([30]);
  });

  it("drops no fixing, and takes the oldest first", () => {
    const queue = new ReportQueue();
    for (const time of [900, 300, 600]) expect(queue.take(report(time))).to.equal(undefined);
    expect(order(queue)).to.deep.equal([300, 600, 900]);
  });

  it("lets latest prices and fixings take turns", () => {
    const queue = new ReportQueue();
    const times: number[] = [];
    for (const time of [300, 600, 900]) queue.take(report(time));
    for (let time = 1210; time < 1250; time += 10) {
      queue.take(report(time));
      times.push(queue.next(0)!.report.time);
    }
    expect([...times, ...order(queue)]).to.deep.equal([1210, 300, 1230, 600, 1240, 900]);
  });

  it("brings a fixing back when it is ready, and counts its rounds", () => {
    const queue = new ReportQueue();
    queue.take(report(300));
    const job = queue.next(0)!;
    expect([job.round, job.fixing, queue.readyAt()]).to.deep.equal([0, true, null]);
    queue.again(job, 50);
    expect(queue.readyAt()).to.equal(50);
    expect(queue.next(49)).to.equal(undefined);
    expect(queue.next(50)!.round).to.equal(1);
  });

  it("has a report for latest prices ready at once", () => {
    const queue = new ReportQueue();
    queue.again({ report: report(300), fixing: true, round: 0 }, 50);
    queue.take(report(310));
    expect(queue.readyAt()).to.equal(0);
    expect(order(queue)).to.deep.equal([310]);
  });
});
