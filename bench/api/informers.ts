// Watches as client-go has them: the informers of a program share one connection of HTTP/2.
import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import type { Request, Target } from "./connection.ts";

/** Far more than a watch is ever behind, as client-go has it. */
const windowBytes = 4 * 2 ** 20;

export class Informers implements Disposable {
  readonly #sessions: ClientHttp2Session[] = [];

  /** So many watches of the collection, so many on one connection; resolves when all have begun. */
  static async open(
    target: Target,
    request: Request,
    options: { readonly watchers: number; readonly perConnection: number; take(chunk: Buffer): void },
  ): Promise<Informers> {
    const informers = new Informers();
    const headers = { ":path": request.path, authorization: `Bearer ${target.token}` };
    for (let left = options.watchers; left > 0; left -= options.perConnection) {
      const session = informers.#connect(target);
      const count = Math.min(left, options.perConnection);
      const begun = Array.from({ length: count }, async () => {
        const stream = session.request(headers);
        stream.on("data", options.take);
        await once(stream, "response");
      });
      await Promise.all(begun);
    }
    return informers;
  }

  [Symbol.dispose](): void {
    for (const session of this.#sessions) session.destroy();
  }

  #connect({ port, ca }: Target): ClientHttp2Session {
    const settings = { initialWindowSize: windowBytes };
    const session = connect(`https://127.0.0.1:${port}`, { ca, settings });
    session.on("connect", () => session.setLocalWindowSize(windowBytes));
    this.#sessions.push(session);
    return session;
  }
}
