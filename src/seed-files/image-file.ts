import { type Address, hostInUri, parseAddress } from "./address.ts";
import { parseListFile } from "./list-file.ts";
import type { LineNote, ParsedFile } from "./problem.ts";
import type { TextLine } from "./text-lines.ts";

/** An image that a file names. */
export interface ImageEntry {
  readonly line: number;
  /** The place in one way of writing it: two entries with one key are one image. */
  readonly key: string;
  /** The file's name without its last extension. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The machine that has the file; absent: this one. */
  readonly address?: Address;
}

/**
 * Reads a list of images: one a line, as a path or as `user@host:/path`; or data such as `{"images":
 * [...]}`. A path that is not absolute is below `directory`, the folder of the file itself. What is named
 * twice counts once.
 */
export function parseImageFile(text: string, directory: string): ParsedFile<ImageEntry> {
  return parseListFile(text, { field: "images", parse: (line) => parseEntry(line, directory) });
}

/** `cirros-0.3.4-x86_64-disk` for `/images/cirros-0.3.4-x86_64-disk.img`. */
export function imageNameOf(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const withoutExtension = base.replace(/\.[^.]*$/, "");
  return withoutExtension === "" ? base : withoutExtension;
}

const remotePattern = /^((?:[^@/\s]+@)?(?:\[[^\]]*\]|[^:/@\s[\]]+)(?::\d{1,5})?):(\/.*)$/;

function parseEntry({ line, text }: TextLine, directory: string): ImageEntry | LineNote {
  if (/\p{Cc}/u.test(text)) return { line, message: "there is a control character in the path" };
  if (/^[a-z]+:\/\//.test(text)) {
    const message = "a web address needs a checksum: make an Image with source.url instead";
    return { line, message };
  }
  const [, machine, remotePath = ""] = remotePattern.exec(text) ?? [];
  if (machine === undefined) {
    const path = normalPath(text.startsWith("/") ? text : `${directory}/${text}`);
    return entryOf(line, path, path);
  }
  const address = parseAddress(machine);
  if (typeof address === "string") return { line, message: address };
  const path = normalPath(remotePath);
  const key = `${hostInUri(address.host)}:${address.port ?? 22}:${path}`;
  const entry = entryOf(line, path, key);
  return "message" in entry ? entry : { ...entry, address };
}

function entryOf(line: number, path: string, key: string): ImageEntry | LineNote {
  if (path === "/") return { line, message: "that is a folder, not an image" };
  return { line, key, name: imageNameOf(path), path };
}

/** An absolute path without empty steps, `.` and `..`. */
function normalPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return `/${steps.join("/")}`;
}
