import type { Socket } from "node:net";
import { type PeerCertificate, TLSSocket } from "node:tls";
import type { User } from "./authenticator.ts";

/** What a connection says of who is at its other end. */
export type Peer =
  | { readonly type: "nobody" }
  | { readonly type: "unacceptable" }
  | { readonly type: "user"; readonly user: User; readonly expiresAtMs: number };

const nobody: Peer = { type: "nobody" };
const unacceptable: Peer = { type: "unacceptable" };

/** Reads client certificates, each connection's once: common name is the user, organizations are groups. */
export class ClientCertificates {
  readonly #known = new WeakMap<object, Peer>();

  /** Who has shown a certificate that our authority signed and that has not expired. */
  peerOf(socket: Socket, now: number): Peer {
    const peer = this.#known.get(socket) ?? readPeer(socket);
    this.#known.set(socket, peer);
    return peer.type === "user" && now >= peer.expiresAtMs ? unacceptable : peer;
  }
}

function readPeer(socket: Socket): Peer {
  if (!(socket instanceof TLSSocket)) return nobody;
  const certificate = socket.getPeerCertificate();
  if (certificate === null || Object.keys(certificate).length === 0) return nobody;
  return socket.authorized ? userOf(certificate) : unacceptable;
}

function userOf({ subject, valid_to }: PeerCertificate): Peer {
  const names = listOf(subject.CN);
  const [name] = names;
  if (name === undefined || name === "" || names.length > 1) return unacceptable;
  return { type: "user", user: { name, groups: listOf(subject.O) }, expiresAtMs: Date.parse(valid_to) };
}

/** Node gives one value as text and several as a list, whatever its types say. */
function listOf(value: unknown): readonly string[] {
  return [value].flat().filter((entry) => typeof entry === "string");
}
