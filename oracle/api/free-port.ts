import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A port that was named is taken by another program. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

/**
 * A port of 127.0.0.1 to listen on: the one that was named, or the default one, or the first free one after it.
 * @param named what the person asked for; 0 takes any free one
 * @throws PortTakenError where the named port is taken: nobody asked for another one
 */
export async function freePort(
  option: string,
  named: number | undefined,
  preferred: number,
): Promise<number> {
  if (named !== undefined) {
    const port = await listenable(named);
    if (port !== undefined) return port;
    throw new PortTakenError(
      `port ${named} is taken by another program; give ${option} another one, or leave it away and a free one is found`,
    );
  }
  for (let port = preferred; port < preferred + 100; port++)
    if ((await listenable(port)) !== undefined) return port;
  return (await listenable(0)) ?? 0;
}

async function listenable(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
