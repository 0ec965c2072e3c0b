import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type AnyAuthMethod, type Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { messageOf } from "../../../runtime/errors.ts";
import { UnreachableError, type UnreachableReason, unreachableReason } from "../../unreachable.ts";
import { established } from "./dial.ts";
import { HostKeyCheck, hostKeyOrder } from "./host-key-check.ts";
import { fingerprint, KnownHosts } from "./known-hosts.ts";
import { processStream } from "./process-stream.ts";
import { socketFailure } from "./socket-failure.ts";
import { helperCommand, helperFailure } from "./ssh-helper.ts";
import type { Link, Transport } from "./transport.ts";

export interface SshSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** In OpenSSH's format. A host that is not in it is refused; there is no way around. */
  readonly knownHosts: string;
  /** Where that text comes from, for messages. */
  readonly knownHostsLabel: string;
  /** How to make the host known, for messages. */
  readonly remedy: string;
  readonly keys: readonly { readonly path: string; readonly text: string }[];
  /** The socket of an agent, tried before the keys. */
  readonly agent: string | undefined;
  /** Given to virt-ssh-helper. */
  readonly driverUri: string;
  /** Tried one after another. */
  readonly socketPaths: readonly string[];
  /** The helper knows the host's own sockets only. */
  readonly mayUseHelper: boolean;
}

const handshakeTimeoutMs = 30_000;
const keepaliveMs = 5000;
const keepaliveCount = 3;
const administrativelyProhibited = 1;

/** All of them OpenSSL's: no native part of ssh2 is needed. The first costs a quarter less per call. */
const ciphers = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"] as const;

/** Connects, verifies the host, logs in; then any number of channels to the daemon can be opened. */
export async function openSshLink(settings: SshSettings, signal?: AbortSignal): Promise<Link> {
  const label = `ssh:${settings.username}@${settings.host}:${settings.port}`;
  const client = await logIn(settings, label, signal);
  return new SshLink(client, settings, label);
}

/** The key that a host shows to somebody who knows these; nobody logs in. */
export async function scanHostKey(
  { host, port, known }: { readonly host: string; readonly port: number; readonly known: KnownHosts },
  signal?: AbortSignal,
): Promise<Buffer> {
  const label = `ssh:${host}:${port}`;
  const socket = connectSocket({ host, port, noDelay: true });
  await established(socket, { event: "connect", family: "network", label, signal });
  let shown: Buffer | undefined;
  const client = new ssh2.Client();
  try {
    const config = {
      sock: socket,
      username: "nobody", // told only after the key was accepted
      hostVerifier: (key: Buffer) => {
        shown = key;
        return false;
      },
      algorithms: { cipher: [...ciphers], serverHostKey: hostKeyOrder(host, port, known) },
      readyTimeout: handshakeTimeoutMs,
    };
    await ready(client, config, signal);
  } catch (error) {
    if (shown === undefined) throw explain(error, label, []);
  } finally {
    client.on("error", () => undefined);
    client.destroy();
    // Which it has only half closed after it refused a key.
    socket.destroy();
  }
  if (shown === undefined) throw new UnreachableError("HandshakeFailed", `${label}: no host key was shown`);
  return shown;
}

class SshLink implements Link {
  readonly label: string;
  readonly #client: Client;
  readonly #settings: SshSettings;
  #lost: Error | undefined;

  constructor(client: Client, settings: SshSettings, label: string) {
    this.label = label;
    this.#client = client;
    this.#settings = settings;
    client.on("error", (error) => {
      this.#lost ??= explain(error, label, []);
    });
    client.on("close", () => {
      this.#lost ??= new UnreachableError("ConnectionLost", `${label}: the SSH connection was closed`);
    });
  }

  async open(signal?: AbortSignal): Promise<Transport> {
    const failures: string[] = [];
    for (const path of this.#settings.socketPaths) {
      try {
        const stream = await this.#openChannel(
          (done) => this.#client.openssh_forwardOutStreamLocal(path, done),
          signal,
        );
        return this.#transport(stream, path);
      } catch (error) {
        failures.push(`forwarding to ${path}: ${messageOf(error)}`);
        if (this.#lost || signal?.aborted) throw this.#unreachable(this.#whyLost(), failures, error);
        if (isProhibited(error)) break;
      }
    }
    return this.#openCommand(failures, signal);
  }

  close(): Promise<void> {
    // Not `end`: it would wait for the other side's goodbye, which never comes from a host that is gone.
    this.#client.destroy();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether the command reaches the daemon shows only when it has ended or something has answered. */
  async #openCommand(failures: readonly string[], signal?: AbortSignal): Promise<Transport> {
    const command = helperCommand(this.#settings);
    const program = this.#settings.mayUseHelper ? "virt-ssh-helper" : "nc";
    try {
      const channel = await this.#openChannel((done) => this.#client.exec(command, done), signal);
      const stream = processStream(channel, {
        // The length of a frame, of which there is none of 16 MiB and more at the beginning.
        isAnswer: (first) => first[0] === 0,
        explain: ({ exitCode, text }) =>
          this.#unreachable(helperFailure(exitCode), [...failures, `${program}: ${text}`]),
      });
      return this.#transport(stream, program);
    } catch (error) {
      const over = this.#lost !== undefined || signal?.aborted === true;
      const why = over ? this.#whyLost() : helperFailure(undefined);
      throw this.#unreachable(why, [...failures, `running ${program}: ${messageOf(error)}`], error);
    }
  }

  #transport(stream: Duplex, name: string): Transport {
    const label = `${this.label}:${name}`;
    return { stream, coalesce: true, negotiateKeepalive: false, label, lost: () => this.#lost };
  }

  #openChannel(
    begin: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
    signal?: AbortSignal,
  ): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.#lost) throw this.#lost;
      signal?.throwIfAborted();
      const onAbort = (): void => settle(() => reject(signal?.reason));
      const onClose = (): void =>
        settle(() => reject(this.#lost ?? new UnreachableError("ConnectionLost", `${this.label}: closed`)));
      let settled = false;
      const settle = (action: () => void): void => {
        settled = true;
        signal?.removeEventListener("abort", onAbort);
        this.#client.off("close", onClose);
        action();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#client.once("close", onClose);
      begin((error, channel) => {
        if (settled) channel?.close();
        else settle(() => (error ? reject(error) : resolve(channel)));
      });
    });
  }

  /** Why the SSH connection ended; if it has not, what we wait for does not come. */
  #whyLost(): UnreachableReason {
    return this.#lost === undefined ? "Timeout" : (unreachableReason(this.#lost) ?? "ConnectionLost");
  }

  #unreachable(why: UnreachableReason, failures: readonly string[], cause?: unknown): UnreachableError {
    return new UnreachableError(why, `${this.label}: ${failures.join("; ")}`, { cause: cause ?? this.#lost });
  }
}

async function logIn(settings: SshSettings, label: string, signal?: AbortSignal): Promise<Client> {
  const methods = authMethods(settings, label);
  const socket = connectSocket({ host: settings.host, port: settings.port, noDelay: true });
  await established(socket, { event: "connect", family: "network", label, signal });
  const known = new KnownHosts(settings.knownHosts);
  const hostKey = new HostKeyCheck({ ...settings, known, label });
  const config: ConnectConfig = {
    sock: socket,
    username: settings.username,
    authHandler: methods.map(({ method }) => method),
    hostVerifier: (key: Buffer) => hostKey.accept(key),
    algorithms: { cipher: [...ciphers], serverHostKey: hostKeyOrder(settings.host, settings.port, known) },
    readyTimeout: handshakeTimeoutMs,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: keepaliveCount,
  };
  const client = new ssh2.Client();
  try {
    await ready(client, config, signal);
    return client;
  } catch (error) {
    client.on("error", () => undefined);
    client.destroy();
    // Which it has only half closed after it refused a key.
    socket.destroy();
    if (hostKey.refusal !== undefined) throw hostKey.refusal;
    if (signal?.aborted)
      throw new UnreachableError("Timeout", `${label}: gave up logging in`, { cause: error });
    throw explain(error, label, methods);
  }
}

function ready(client: Client, config: ConnectConfig, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const finish = (action: () => void) => () => {
      signal?.removeEventListener("abort", onAbort);
      action();
    };
    client.once("ready", finish(resolve));
    client.once("error", (error) => finish(() => reject(error))());
    client.once(
      "close",
      finish(() => reject(new Error("the server closed the connection"))),
    );
    client.connect(config);
  });
}

interface NamedMethod {
  readonly name: string;
  readonly method: AnyAuthMethod;
}

function authMethods(settings: SshSettings, label: string): readonly NamedMethod[] {
  const { username, agent } = settings;
  const methods: NamedMethod[] = [];
  if (agent) methods.push({ name: `agent ${agent}`, method: { type: "agent", username, agent } });
  const unusable: string[] = [];
  for (const { path, text } of settings.keys) {
    const key = ssh2.utils.parseKey(text);
    if (key instanceof Error) unusable.push(`${path}: ${key.message}`);
    else {
      const name = `key ${path} (${fingerprint(key.getPublicSSH())})`;
      methods.push({ name, method: { type: "publickey", username, key } });
    }
  }
  if (methods.length > 0) return methods;
  const why = unusable.length > 0 ? unusable.join("; ") : "there is neither an agent nor a key file";
  throw new UnreachableError("AuthenticationFailed", `${label}: nothing to log in with: ${why}`);
}

function explain(error: unknown, label: string, methods: readonly NamedMethod[]): UnreachableError {
  const level = error instanceof Error && "level" in error ? error.level : undefined;
  switch (level) {
    case "client-authentication":
    case "agent": {
      const tried = methods.map(({ name }) => name).join(", ");
      return new UnreachableError("AuthenticationFailed", `${label}: login refused; tried ${tried}`, {
        cause: error,
      });
    }
    case "client-socket":
      if (error instanceof Error) return socketFailure(`${label}: SSH`, "network", error);
      break;
    case "client-timeout": {
      const message = `${label}: SSH: no answer for ${(keepaliveMs * keepaliveCount) / 1000} s`;
      return new UnreachableError("Timeout", message, { cause: error });
    }
  }
  const step = level === "handshake" ? "SSH handshake" : "SSH";
  const why = error instanceof UnreachableError ? error.why : "HandshakeFailed";
  return new UnreachableError(why, `${label}: ${step}: ${messageOf(error)}`, { cause: error });
}

function isProhibited(error: unknown): boolean {
  return error instanceof Error && "reason" in error && error.reason === administrativelyProhibited;
}
