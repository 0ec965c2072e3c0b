import { fnv1a } from "../../runtime/hash.ts";
import { acceptRestoreAnnotation, NamespaceKind, systemNamespace } from "../../schema/namespace.ts";
import { emptyState } from "../../store/memory-log.ts";
import type { Stage } from "./scenario.ts";
import { confirmDown, withdrawStatement } from "./statements.ts";
import type { World } from "./world.ts";

type Command = (stage: Stage, ...words: readonly string[]) => Promise<unknown> | unknown;

/** The revisions that copies of the store end at. */
const backups = new WeakMap<World, number>();

/** What a line of a scenario may say about hosts that are down. */
export const failoverCommands: Readonly<Record<string, Command>> = {
  /** `confirm-down h1 without-disks even-in-mass-outage for=60` */
  "confirm-down": ({ world }, name = "", ...words) => {
    const seconds = words.find((word) => word.startsWith("for="))?.slice("for=".length);
    return confirmDown(world, name, {
      ...(words.includes("without-disks") ? { machines: "WithoutDisks" as const } : {}),
      evenInMassOutage: words.includes("even-in-mass-outage"),
      ...(seconds === undefined ? {} : { expiresInSeconds: Number(seconds) }),
    });
  },
  /** Copies the store; `restore-backup` brings it back, under a controller that is started anew. */
  "back-up": ({ world }) => void backups.set(world, world.disk.revision),
  "restore-backup": ({ world }) => {
    world.killAll();
    world.disk.rewind(world.disk.revision - (backups.get(world) ?? 0));
    world.audit.restored(world.disk.revision, world.disk.records);
    world.watch.placements.restored();
    for (const replica of world.replicas) replica.start();
  },
  "accept-restore": async ({ world }) => {
    const namespace = await world.store?.get(NamespaceKind, { name: systemNamespace });
    if (namespace === undefined) return;
    const code = fnv1a(emptyState.incarnation).slice(0, 8);
    const metadata = { ...namespace.metadata, annotations: { [acceptRestoreAnnotation]: code } };
    await world.store?.update(NamespaceKind, { ...namespace, metadata });
  },
  withdraw: ({ world }, name = "") => withdrawStatement(world, name),

  /** Says what is really there: domains, and disks of machines. */
  show: ({ world }, name = "") => {
    const { fake } = world.host(name);
    const domains = [...fake.domains].map(({ observed }) => `${observed.domainName} ${observed.state}`);
    const volumes = fake.pool(world.clusterId).list();
    const disks = volumes.filter((volume) => volume.name.startsWith("vm-")).map((volume) => volume.name);
    const list = (names: readonly string[]) => (names.length === 0 ? "none" : names.toSorted().join(", "));
    return `on ${name}: domains ${list(domains)}; disks ${list(disks)}`;
  },
};
