import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A port that was named is taken by another program. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

/** A port that nobody else gets. */
export interface HeldPort {
  readonly port: number;
  /** Lets go of it: to be called by whoever is going to listen on it, right before that. A second time it does nothing. */
  readonly release: () => Promise<void>;
}

/** Where a port is looked for. */
export interface PortPlace {
  /** The address to listen on; 127.0.0.1 if left out. */
  readonly host?: string;
  /** Ports that are free yet, and somebody else's soon. */
  readonly others?: readonly (number | undefined)[];
}

/**
 * A port to listen on: the one that was named, or the default one, or the first free one after it.
 * @param named what the person asked for; 0 takes any free one
 * @throws PortTakenError where the named port is taken: nobody asked for another one; or nothing can listen there at all
 */
export async function freePort(
  option: string,
  named: number | undefined,
  preferred: number,
  place: PortPlace = {},
): Promise<number> {
  const { port, release } = await holdPort(option, named, preferred, place);
  await release();
  return port;
}

/** The same, kept until it is needed: who starts at the same time, or while we compile, passes over it. */
export async function holdPort(
  option: string,
  named: number | undefined,
  preferred: number,
  { host = "127.0.0.1", others = [] }: PortPlace = {},
): Promise<HeldPort> {
  if (named !== undefined) {
    const held = await hold(named, host);
    if (held !== undefined) return held;
    throw new PortTakenError(
      `port ${named} is taken by another program; give ${option} another one, or leave it away and a free one is found`,
    );
  }
  for (let port = preferred; port < preferred + 100; port++) {
    const held = others.includes(port) ? undefined : await hold(port, host);
    if (held !== undefined) return held;
  }
  const any = await hold(0, host);
  if (any !== undefined) return any;
  throw new PortTakenError(`no port of ${host} is free; end some of the programs that listen on it`);
}

/** @returns undefined where the port is taken */
async function hold(wanted: number, host: string): Promise<HeldPort | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(wanted, host);
    await once(server, "listening");
  } catch (error) {
    const { code = "no reason given" } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return undefined;
    throw new PortTakenError(
      `nothing can listen on ${host} port ${wanted} (${code}): name an address of this machine, and a port that its user may open`,
    );
  }
  server.unref(); // nobody stays for a port
  const { port } = server.address() as AddressInfo;
  let released: Promise<unknown> | undefined;
  return {
    port,
    release: async () => {
      if (released === undefined) {
        released = once(server, "close");
        server.close();
      }
      await released;
    },
  };
}
