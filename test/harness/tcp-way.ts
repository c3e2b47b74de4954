/** A way between two processes that a test can block: what is on it stops, and goes on when it is opened again. */
import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";

export class TcpWay {
  /** `host:port` for those who are to go by it. */
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #blocked = false;

  private constructor(server: Server) {
    this.#server = server;
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param target `host:port` */
  static async to(target: string): Promise<TcpWay> {
    const [host = "", port] = target.split(":");
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const way = new TcpWay(server);
    server.on("connection", (near) =>
      way.#join(near, createConnection({ host, port: Number(port), allowHalfOpen: true })),
    );
    return way;
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  block(): void {
    this.#blocked = true;
    for (const socket of this.#sockets) socket.pause();
  }

  open(): void {
    this.#blocked = false;
    for (const socket of this.#sockets) socket.resume();
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes) => void to.write(bytes));
      from.on("end", () => to.end());
      // One end that breaks takes the other along, as a network would in the end.
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#blocked) from.pause();
    }
  }
}
