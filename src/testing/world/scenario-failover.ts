import type { Stage } from "./scenario.ts";
import { confirmDown, withdrawStatement } from "./statements.ts";

type Command = (stage: Stage, ...words: readonly string[]) => Promise<unknown> | unknown;

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
