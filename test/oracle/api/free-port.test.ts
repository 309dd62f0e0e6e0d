import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { freePort, holdPort, PortTakenError } from "../../../oracle/api/free-port.ts";
import { rejection } from "../../utils/rejection.ts";

describe("freePort", () => {
  const servers: Server[] = [];
  /** Takes a port; any free one if none is named. */
  const take = async (port = 0): Promise<number> => {
    const server = createServer().listen(port, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("is the default one where that is free, and can be listened on at once", async () => {
    const port = await take();
    servers.pop()!.close();
    expect(await freePort("--port", undefined, port)).to.equal(port);
    expect(await take(port)).to.equal(port);
  });

  it("passes over default ports that are taken", async () => {
    const port = await take();
    const next = await freePort("--port", undefined, port);
    expect(next).to.be.within(port + 1, port + 99);
    await take(next);
    expect(await freePort("--port", undefined, port)).to.be.greaterThan(next);
  });

  it("passes over default ports that are going to be somebody else's", async () => {
    const port = await take();
    servers.pop()!.close();
    expect(
      await freePort("--port", undefined, port, { others: [undefined, port, port + 1] }),
    ).to.be.greaterThan(port + 1);
  });

  it("is the one that was named, or an error with the option to change", async () => {
    const port = await take();
    const error = await rejection(freePort("--rpc-port", port, 8545));
    expect(error).to.be.instanceOf(PortTakenError);
    expect(error.message).to.equal(
      `port ${port} is taken by another program; give --rpc-port another one, or leave it away and a free one is found`,
    );
    servers.pop()!.close();
    expect(await freePort("--rpc-port", port, 8545)).to.equal(port);
  });

  it("is kept until it is let go of, so that of two who start at once each has one", async () => {
    const port = await take();
    servers.pop()!.close();
    const first = await holdPort("--port", undefined, port);
    const second = await holdPort("--port", undefined, port);
    expect([first.port, second.port > port]).to.deep.equal([port, true]);
    expect(await rejection(holdPort("--port", port, 8080))).to.be.instanceOf(PortTakenError);
    await first.release();
    await first.release();
    expect(await take(first.port)).to.equal(port);
    await second.release();
  });

  it("is looked for at the address that is listened on, and that must be this machine's", async () => {
    const server = createServer().listen(0, "0.0.0.0");
    servers.push(server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const taken = await rejection(freePort("--port", port, 8080, { host: "0.0.0.0" }));
    expect(taken.message).to.contain(`port ${port} is taken`);
    const elsewhere = await rejection(freePort("api.port", undefined, 8080, { host: "203.0.113.1" }));
    expect(elsewhere).to.be.instanceOf(PortTakenError);
    expect(elsewhere.message).to.contain("nothing can listen on 203.0.113.1 port 8080 (EADDRNOTAVAIL)");
  });

  it("is any free one for 0", async () => {
    const port = await freePort("--port", 0, 8080);
    expect(port).to.be.greaterThan(1023);
    expect(await take(port)).to.equal(port);
  });
});
