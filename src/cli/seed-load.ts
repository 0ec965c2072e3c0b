import { readFile } from "node:fs/promises";
import { homedir, hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { messageOf, StatusError } from "../runtime/errors.ts";
import { HostKind } from "../schema/host.ts";
import { ImageKind } from "../schema/image.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import { type HostEntry, parseHostFile } from "../seed-files/host-file.ts";
import { type ImageEntry, parseImageFile } from "../seed-files/image-file.ts";
import { type KindPlan, type LoadStep, planLoad } from "../seed-files/load-plan.ts";
import type { LineNote, ParsedFile } from "../seed-files/problem.ts";
import { parseTypesFile, type TypeEntry } from "../seed-files/types-file.ts";
import { UsageError } from "./exit-codes.ts";
import { enrollHosts } from "./seed-enroll.ts";
import { bringImages, type ImageFetcher } from "./seed-images.ts";
import { waitUntilReady } from "./seed-ready.ts";
import type { Session } from "./session.ts";
import { labelOf } from "./target.ts";

export interface SeedLoadFlags {
  readonly pms?: string;
  readonly images?: string;
  readonly types?: string;
  readonly user?: string;
  readonly key?: string;
  readonly knownHosts?: string;
  /**
   * Holds `id_ed25519` and `known_hosts`, with which the server gets in; images are fetched with them, too.
   */
  readonly sshDir?: string;
  readonly imageDir?: string;
  readonly dryRun?: boolean;
  /** Believe hosts that are new whatever key they show. */
  readonly enroll?: boolean;
  /** Milliseconds. */
  readonly wait?: number;
}

/** What the files say. */
export interface SeedFiles {
  readonly hosts: ParsedFile<HostEntry> | undefined;
  readonly images: ParsedFile<ImageEntry> | undefined;
  readonly types: ParsedFile<TypeEntry> | undefined;
}

/**
 * Makes the store have what the files name. Every line that is wrong is told with its file and number, and
 * then nothing is changed at all. What is there already stays; what the files do not name any more stays,
 * too, and is told. Throws `Timeout` when something is not ready in the time that `wait` gives it.
 */
export async function loadSeedFiles(session: Session, flags: SeedLoadFlags): Promise<void> {
  const files = await checkSeedFiles(session, flags);
  const entries = files.images?.entries ?? [];
  const fetcher = fetcherOf(flags);
  const found = await bringImages(entries, { ...fetcher, onlyLook: true });
  refuse(session, placed(flags.images, found.problems));
  const [hosts, images, types] = await Promise.all([
    session.client.list(HostKind),
    session.client.list(ImageKind),
    session.client.list(InstanceTypeKind),
  ]);
  const plan = planLoad(
    {
      hosts: files.hosts?.entries,
      images: files.images === undefined ? undefined : found.images,
      types: files.types?.entries,
    },
    { hosts: hosts.items, images: images.items, types: types.items },
  );
  refuse(session, [
    ...placed(flags.pms, plan.hosts.problems),
    ...placed(flags.images, plan.images.problems),
    ...placed(flags.types, plan.types.problems),
  ]);
  const brought = flags.dryRun === true ? found : await bringImages(entries, fetcher);
  refuse(session, placed(flags.images, brought.problems));
  for (const kindPlan of [plan.hosts, plan.images, plan.types]) {
    await carryOut(session, kindPlan, flags.dryRun === true);
  }
  if (flags.dryRun) return;
  if (flags.enroll) await enrollHosts(session, plan.hosts.steps);
  if (flags.wait === undefined) return;
  const { key } = fetcher;
  await waitUntilReady(session, [...plan.hosts.steps, ...plan.images.steps], flags.wait, { key });
}

/** Reads the files and tells what is wrong with them; asks no server. */
export async function checkSeedFiles(
  output: Pick<Session, "stderr">,
  flags: SeedLoadFlags,
): Promise<SeedFiles> {
  if (flags.pms === undefined && flags.images === undefined && flags.types === undefined) {
    throw new UsageError("say what to load: --pms FILE, --images FILE, --types FILE");
  }
  const files = await readFiles(flags);
  const complaints = [
    ...tell(output, flags.pms, files.hosts),
    ...tell(output, flags.images, files.images),
    ...tell(output, flags.types, files.types),
  ];
  refuse(output, complaints);
  return files;
}

async function readFiles(flags: SeedLoadFlags): Promise<SeedFiles> {
  const { pms, images, types } = flags;
  const parameters = {
    ...(flags.key !== undefined && { keyfile: resolve(flags.key) }),
    ...(flags.knownHosts !== undefined && { known_hosts: resolve(flags.knownHosts) }),
  };
  const options = { user: flags.user ?? userInfo().username, localName: hostname(), parameters };
  return {
    hosts: pms === undefined ? undefined : parseHostFile(await readText(pms), options),
    images:
      images === undefined ? undefined : parseImageFile(await readText(images), dirname(resolve(images))),
    types: types === undefined ? undefined : parseTypesFile(await readText(types)),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function fetcherOf({ key, knownHosts, sshDir, imageDir, user }: SeedLoadFlags): ImageFetcher {
  const own = sshDir === undefined ? undefined : join(sshDir, "known_hosts");
  const users = join(homedir(), ".ssh", "known_hosts");
  return {
    directory: imageDir === undefined ? undefined : resolve(imageDir),
    key: key ?? (sshDir === undefined ? undefined : join(sshDir, "id_ed25519")),
    knownHosts: knownHosts !== undefined ? [knownHosts] : own !== undefined ? [own, users] : [],
    user,
    onlyLook: false,
  };
}

/** Prints what is worth telling about a file and returns what is wrong with it. */
function tell(
  { stderr }: Pick<Session, "stderr">,
  path: string | undefined,
  file: ParsedFile<unknown> | undefined,
): readonly string[] {
  for (const note of placed(path, file?.notes ?? [])) stderr.write(`${note}\n`);
  return placed(path, file?.problems ?? []);
}

function placed(path: string | undefined, notes: readonly LineNote[]): readonly string[] {
  return notes.map(({ line, message }) => `${path}:${line}: ${message}`);
}

function refuse({ stderr }: Pick<Session, "stderr">, complaints: readonly string[]): void {
  if (complaints.length === 0) return;
  for (const complaint of complaints) stderr.write(`${complaint}\n`);
  const lines = complaints.length === 1 ? "a line is wrong" : `${complaints.length} lines are wrong`;
  throw new StatusError("Invalid", `${lines}; nothing was changed`);
}

const words = { create: "created", update: "changed", keep: "unchanged" } as const;

async function carryOut(
  session: Session,
  { kind, steps, leftovers }: KindPlan,
  dryRun: boolean,
): Promise<void> {
  for (const step of steps) {
    await take(session, step, dryRun);
    const label = labelOf(kind, step.resource.metadata.name);
    session.stdout.write(`${label} ${words[step.action]}${dryRun ? " (dry run)" : ""}\n`);
  }
  for (const { metadata } of leftovers) {
    const label = labelOf(kind, metadata.name);
    session.stderr.write(`${label} is not in the file any more; it stays until you delete it\n`);
  }
}

async function take(
  { client }: Session,
  { action, kind, resource }: LoadStep,
  dryRun: boolean,
): Promise<void> {
  if (action === "create") await client.create(kind, resource, { dryRun });
  if (action === "update") await client.update(kind, resource, { dryRun });
}
