import { StatusError } from "../../runtime/errors.ts";
import { toError } from "../client-error.ts";
import { type OpenOptions, openWebSocket } from "../web-socket.ts";
import { channelProtocols, readFromServer, typed } from "./channels.ts";

export interface OpenConsoleOptions extends Pick<OpenOptions, "url" | "tls"> {
  readonly token: string | undefined;
}

/** A machine's serial console. */
export interface ClientConsole {
  /** What the guest prints, to its end; throws why the console was lost. */
  read(): AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const normalClosure = 1000;

/** Opens the console at an address. Throws what the server says when it refuses. */
export async function openConsole({ url, tls, token }: OpenConsoleOptions): Promise<ClientConsole> {
  const socket = await openWebSocket({
    url,
    tls,
    protocol: channelProtocols[0],
    headers: { "user-agent": "ostler", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  return {
    async *read(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const message of socket.read()) {
        const said = readFromServer(message);
        if (said.type === "printed") yield said.bytes;
        if (said.type !== "over") continue;
        const failure = failureIn(said.status);
        if (failure !== undefined) throw failure;
        return;
      }
      throw new StatusError("ServiceUnavailable", "the connection to the server was lost");
    },
    write: (bytes: Uint8Array) => socket.send(typed(bytes)),
    close: () => socket.close(normalClosure),
  };
}

/** Undefined: the guest has ended as guests do. */
function failureIn(text: string): StatusError | undefined {
  const status: { readonly status?: unknown } = JSON.parse(text);
  return status.status === "Success" ? undefined : toError(0, status);
}
