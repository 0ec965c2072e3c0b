import { parseManifests } from "../../schema/manifest.ts";
import type { FileContent } from "../../source/file-content.ts";
import type { FolderFiles } from "../../source/folder-files.ts";
import { machineManifest } from "./manifests-author.ts";
import type { Mutant } from "./mutants.ts";
import type { Tampering } from "./replica.ts";
import { secretName } from "./sim-files.ts";

/** Planted bugs in how manifests are read. */
export const fileMutants: Readonly<Record<string, Mutant>> = {
  "take a broken file for none": {
    what: "a file that cannot be read is passed over as if it were not there",
    breaks: ["S9"],
    limits: { faults: ["F14"] },
    tampering: onFiles((files) => ({
      read: async (root, path, maxBytes) => {
        const found = await files.read(root, path, maxBytes);
        if (found.type !== "read") return { type: "absent" };
        const { problems, manifests } = parseManifests(found.content, path);
        return problems.length > 0 || manifests.length === 0 ? { type: "absent" } : found;
      },
    })),
  },
  "follow symbolic links": {
    what: "a link in the folder is read as the file to which it leads",
    breaks: ["S9"],
    limits: { faults: ["F14"] },
    tampering: onFiles((files) => ({
      entries: async (path) => {
        const entries = await files.entries(path);
        return entries.map(({ name }) => ({ name, type: name.includes(".") ? "other" : "folder" }));
      },
      read: async (root, path, maxBytes) => {
        const found = await files.read(root, path, maxBytes);
        return found.type === "refused" ? { ...secret, identity: path } : found;
      },
    })),
  },
  "take a vanished mount for an empty folder": {
    what: "a folder that is gone, or on another file system, is read as one that was emptied on purpose",
    breaks: ["S9"],
    limits: { faults: ["F14"] },
    tampering: onFiles((files) => ({
      realPath: async (path) => path,
      followed: async (path) => ({ ...(await files.followed(path).catch(() => nothing)), device: "7" }),
      facts: (path) => files.facts(path).catch(() => nothing),
      // What a person keeps there for good: then the folder is never empty.
      entries: async (path) => [
        ...(await files.entries(path).catch(() => [])),
        ...(path.endsWith("manifests") ? [{ name: "keep.yaml", type: "other" } as const] : []),
      ],
      read: (root, path, maxBytes) =>
        path.endsWith("keep.yaml") ? Promise.resolve(keep) : files.read(root, path, maxBytes),
    })),
  },
};

const nothing = { device: "7", inode: "2", identity: "gone", modifiedMs: 0, isFolder: true };
const secret: FileContent = contentOf(machineManifest(secretName, 1));
const keep: FileContent = contentOf("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: keep\n");

function contentOf(text: string): FileContent {
  return { type: "read", content: new TextEncoder().encode(text), identity: text };
}

function onFiles(change: (files: FolderFiles) => Partial<FolderFiles>): () => Tampering {
  return () => ({
    parts: (options, world) => {
      const { files } = world;
      const own: FolderFiles = {
        realPath: (path) => files.realPath(path),
        facts: (path) => files.facts(path),
        followed: (path) => files.followed(path),
        entries: (path) => files.entries(path),
        read: (root, path, maxBytes) => files.read(root, path, maxBytes),
        hints: (hints) => files.hints(hints),
      };
      return { ...options, files: { ...own, ...change(files) } };
    },
  });
}
