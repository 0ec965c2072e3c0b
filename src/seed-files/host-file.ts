import { objectNameFor } from "../schema/object-name.ts";
import { type Address, hostInUri, isLoopback, parseAddress } from "./address.ts";
import { parseListFile } from "./list-file.ts";
import type { LineNote, ParsedFile } from "./problem.ts";
import type { TextLine } from "./text-lines.ts";

/** A host that a file names. */
export interface HostEntry {
  readonly line: number;
  /** Two entries with one key are one host. */
  readonly key: string;
  /** A name for its object; another host may have the same. */
  readonly name: string;
  readonly uri: string;
  /** How SSH reaches it; absent for the machine itself and for other transports. */
  readonly address?: Address;
}

export interface HostFileOptions {
  /** Who logs in where the file does not say. */
  readonly user: string;
  /** What this machine is called. */
  readonly localName: string;
  /** Parameters of the URIs that are made for bare addresses, such as `keyfile`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Reads a list of hosts: one a line, as `address`, `user@address`, `user@address:port`, a libvirt URI or
 * `localhost`; or data such as `{"pms": [...]}`. What is named twice counts once.
 */
export function parseHostFile(text: string, options: HostFileOptions): ParsedFile<HostEntry> {
  const file = parseListFile(text, { field: "pms", parse: (line) => parseEntry(line, options) });
  const isEmpty = file.entries.length === 0 && file.problems.length === 0;
  return isEmpty ? { ...file, problems: [{ line: 1, message: "it names no host" }] } : file;
}

/**
 * What makes two URIs lead to one host: driver, transport, host, port, path and socket, and the user only
 * where that makes another libvirt. Keys, files of known hosts and the like say how to get in, not where
 * to.
 */
export function hostKey(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) return uri;
  const isSsh = /^[a-z]+\+ssh:$/.test(url.protocol);
  const port = url.port === "" && isSsh ? "22" : url.port;
  const socket = url.searchParams.get("socket") ?? "";
  const host = url.hostname.toLowerCase();
  const user = url.pathname === "/system" ? "" : url.username;
  return [url.protocol, user, host, port, url.pathname, socket].join("|");
}

function parseEntry(line: TextLine, options: HostFileOptions): HostEntry | LineNote {
  const problem = (message: string): LineNote => ({ line: line.line, message });
  if (/\s/.test(line.text)) return problem(`"${line.text}": one host a line`);
  if (line.text.includes("://")) return parseUri(line, options);
  const address = parseAddress(line.text);
  if (typeof address === "string") return problem(address);
  if (isLoopback(address) && address.port === undefined) {
    const uri = "qemu:///system";
    return { line: line.line, key: hostKey(uri), name: objectNameFor(options.localName.toLowerCase()), uri };
  }
  const uri = sshUri({ ...address, user: address.user ?? options.user }, options.parameters ?? {});
  return { line: line.line, key: hostKey(uri), name: nameOf(address), uri, address };
}

function parseUri({ line, text }: TextLine, { localName }: HostFileOptions): HostEntry | LineNote {
  if (!/^[a-z]+(\+[a-z]+)?:\/\/\S*$/.test(text) || !URL.canParse(text)) {
    return { line, message: `"${text}" is not a libvirt URI such as qemu+ssh://root@host/system` };
  }
  const url = new URL(text);
  if (url.password !== "") return { line, message: "a URI has no password in it; use a key" };
  if (url.pathname.length < 2) return { line, message: `"${text}" has no path such as /system` };
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? undefined : Number(url.port);
  const user = url.username === "" ? undefined : decodeURIComponent(url.username);
  const address = { user, host, port };
  const name = host === "" ? objectNameFor(localName.toLowerCase()) : nameOf(address);
  const entry = { line, key: hostKey(text), name, uri: text };
  return /^[a-z]+\+ssh:$/.test(url.protocol) ? { ...entry, address } : entry;
}

/** `qemu+ssh://user@host:port/system?no_tty=1`: with any port but the usual one, and never a question. */
function sshUri({ user, host, port }: Address, parameters: Readonly<Record<string, string>>): string {
  const authority = `${user}@${hostInUri(host)}${port === undefined || port === 22 ? "" : `:${port}`}`;
  const query = new URLSearchParams({ ...parameters, no_tty: "1" });
  return `qemu+ssh://${authority}/system?${query}`;
}

function nameOf({ host, port }: Address): string {
  const plain = host
    .replaceAll(":", "-")
    .replace(/^-+|-+$/g, "")
    .replace(/-{2,}/g, "-");
  return objectNameFor(port === undefined || port === 22 ? plain : `${plain}-${port}`);
}
