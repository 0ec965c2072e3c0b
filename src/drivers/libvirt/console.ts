import { StatusError } from "../../runtime/errors.ts";
import type { ConsoleOptions, DomainConsole } from "../domain-console.ts";
import { domainRef } from "./domain-cache.ts";
import { isActive } from "./domain-state.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import { defaultKeepalive } from "./rpc/keepalive.ts";
import type { LibvirtClient } from "./rpc/libvirt-client.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import type { RpcStream } from "./rpc/stream.ts";
import { readState } from "./state-reader.ts";

const forceFlag = 1;

/**
 * A console waits for its reader and for its guest, and while it does the daemon may hear no ping and we no
 * answer. That the host is gone the other connections notice, and this one ends with them.
 */
const patient = { ...defaultKeepalive, count: Number.POSITIVE_INFINITY };

interface Wanted extends ConsoleOptions {
  readonly uid: string;
}

/** Opens the first serial console of a domain that is ours, over a connection of its own. */
export async function openConsole(
  links: HostLinks,
  { uid, force }: Wanted,
  signal: AbortSignal,
): Promise<DomainConsole> {
  const { state } = await readState(links, uid, { signal });
  if (!isActive(state)) throw new StatusError("OperationInvalid", `domain ${uid} does not run`);
  const client = await links.openThird(signal, patient);
  try {
    const stream = await openStream(client, { uid, force }, signal);
    signal.throwIfAborted();
    return new LibvirtConsole(links, client, uid, stream);
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function openStream(
  client: LibvirtClient,
  { uid, force }: Wanted,
  signal: AbortSignal,
): Promise<RpcStream> {
  const args = { domain: domainRef(uid), flags: force ? forceFlag : 0 };
  // The stream would keep the signal for life; this one is of the attempt alone.
  const attempt = new AbortController();
  const giveUp = (): void => attempt.abort(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await client.openStream(domainCalls.openConsole, args, { signal: attempt.signal });
  } catch (error) {
    if (!isLibvirtError(error, errorCode.operationFailed)) throw error;
    const message = `the console of domain ${uid} is in use on its host: ${error.message}`;
    throw new StatusError("Conflict", message, { cause: error });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

class LibvirtConsole implements DomainConsole {
  readonly #links: HostLinks;
  readonly #client: LibvirtClient;
  readonly #uid: string;
  readonly #stream: RpcStream;
  readonly #onLost = (): void => void this[Symbol.asyncDispose]();

  constructor(links: HostLinks, client: LibvirtClient, uid: string, stream: RpcStream) {
    this.#links = links;
    this.#client = client;
    this.#uid = uid;
    this.#stream = stream;
    links.ended.addEventListener("abort", this.#onLost, { once: true });
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.#stream.read();
    } catch (error) {
      // Some versions of libvirt end the stream of a guest that ends with an error, and some with its end.
      if (error instanceof LibvirtError) return;
      throw this.#lost(error);
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#stream.write(bytes);
    } catch (error) {
      throw this.#lost(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#links.ended.removeEventListener("abort", this.#onLost);
    this.#stream.abort();
    await this.#client.close();
  }

  #lost(cause: unknown): StatusError {
    return new StatusError("OutcomeUnknown", `the console of domain ${this.#uid} was lost`, { cause });
  }
}
