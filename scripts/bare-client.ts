import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Writes the same request to open sockets and waits for the whole answer: no client can do with less. */
export class BareClient {
  readonly #sockets: readonly Socket[];
  readonly #request: string;

  private constructor(sockets: readonly Socket[], request: string) {
    this.#sockets = sockets;
    this.#request = request;
  }

  /** @param at URL; `request` is sent as it is */
  static async open(at: string, count: number, request: string): Promise<BareClient> {
    const { hostname, port } = new URL(at);
    const sockets = Array.from({ length: count }, () => connect(Number(port), hostname).setNoDelay());
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    return new BareClient(sockets, request);
  }

  /** Over the socket of that index, which must be idle. */
  async send(index: number): Promise<void> {
    const socket = this.#sockets[index];
    if (socket === undefined) throw new RangeError(`there is no socket ${index}`);
    await new Promise<void>((resolve, reject) => {
      let answer = "";
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
        const end = answer.indexOf("\r\n\r\n");
        const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1]);
        if (end < 0 || answer.length < end + 4 + length) return;
        socket.removeAllListeners("data");
        if (answer.startsWith("HTTP/1.1 200")) resolve();
        else reject(new Error(answer));
      });
      socket.write(this.#request);
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
