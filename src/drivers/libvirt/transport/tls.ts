import { once } from "node:events";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { messageOf } from "../../../runtime/errors.ts";
import { UnreachableError } from "../../unreachable.ts";
import { established } from "./dial.ts";
import type { Transport } from "./transport.ts";

/** PEM texts. */
export interface TlsIdentity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

export interface TlsSettings {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate must carry; the host's unless told. */
  readonly serverName?: string | undefined;
  readonly identity: TlsIdentity;
}

const accepted = 1;

/**
 * Connects with certificates on both sides, TLS 1.2 or later. Throws an `UnreachableError`:
 * `CertificateNotTrusted` when the server is not who it should be, `AuthenticationFailed` when it does not
 * take our certificate.
 */
export async function connectTls(settings: TlsSettings, signal?: AbortSignal): Promise<Transport> {
  const label = `tls:${settings.host}:${settings.port}`;
  const socket = connectSocket(settings, label);
  try {
    await established(socket, { event: "secureConnect", family: "network", label, signal });
  } catch (error) {
    if (!socket.authorizationError) throw error;
    const message = `${messageOf(error)}: the server's certificate is not trusted`;
    throw new UnreachableError("CertificateNotTrusted", message, { cause: error });
  }
  await receiveVerdict(socket, label, signal);
  // One frame per TLS record, and the next only when the last was handed over: libvirtd does not look for
  // more in what GnuTLS has decrypted already, and would answer the second frame when a third arrives.
  return { stream: socket, coalesce: false, negotiateKeepalive: true, label };
}

function connectSocket(settings: TlsSettings, label: string): TLSSocket {
  const { authority, certificate, key } = settings.identity;
  const name = settings.serverName ?? settings.host;
  try {
    return connect({
      host: settings.host,
      port: settings.port,
      ca: authority,
      cert: certificate,
      key,
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
      ...(isIP(name) === 0 && { servername: name }),
    }).setNoDelay(true);
  } catch (error) {
    const message = `${label}: our certificate or key is no good: ${messageOf(error)}`;
    throw new UnreachableError("InvalidSettings", message, { cause: error });
  }
}

/** After the handshake, and before the first frame, the daemon sends one byte: whether it takes us. */
async function receiveVerdict(socket: TLSSocket, label: string, signal?: AbortSignal): Promise<void> {
  try {
    let verdict: Buffer | null = socket.read(1);
    while (verdict === null) {
      if (socket.readableEnded || socket.destroyed) throw new Error("the server closed the connection");
      await readableOrEnd(socket, signal);
      verdict = socket.read(1);
    }
    if (verdict[0] !== accepted) throw new Error(`the server answered ${verdict[0]}`);
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    if (signal?.aborted)
      throw new UnreachableError("DaemonHung", `${label}: gave up connecting`, { cause: error });
    const message = `${label}: our certificate was not accepted: ${messageOf(error)}`;
    throw new UnreachableError("AuthenticationFailed", message, { cause: error });
  }
}

async function readableOrEnd(socket: TLSSocket, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signals = signal ? [signal, over.signal] : [over.signal];
  const options = { signal: AbortSignal.any(signals) };
  try {
    await Promise.race([once(socket, "readable", options), once(socket, "close", options)]);
  } finally {
    over.abort();
  }
}
