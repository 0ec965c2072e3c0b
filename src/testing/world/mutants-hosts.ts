import type { ObservedDomain, ObservedHost } from "../../drivers/driver.ts";
import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import type { FakeHost } from "../../drivers/fake/fake-host.ts";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import { type Around, interceptDriver } from "../intercept-driver.ts";
import type { Mutant } from "./mutants.ts";
import type { Tampering } from "./replica.ts";
import type { World } from "./world.ts";

/** Planted bugs in how hosts are seen and treated. */
export const hostMutants: Readonly<Record<string, Mutant>> = {
  "skip the ownership check": {
    what: "a domain that has a machine's UUID is taken for the machine's own, whatever its mark says",
    breaks: ["S2"],
    limits: { hosts: 2, machines: 3, faults: ["F13"] },
    tampering: onHosts((world) => async (call, perform) => {
      const host = hostOf(world, call.hostName);
      try {
        return await claimed(world, await perform());
      } catch (error) {
        const domain = hasReason(error, "OwnershipConflict") ? domainIn(host, call.args[0]) : undefined;
        if (domain === undefined) throw error;
        const watched = { process: anyProcess(world), host: simHostOf(world, call.hostName), ...call };
        world.watch.executing(watched);
        if (call.verb === "destroyDomain") domain.destroy();
        else if (call.verb === "undefineDomain") domain.undefine();
        else if (!domain.active) domain.start();
        world.watch.executed(watched);
        throw error;
      }
    }),
  },
  "trust a timeout as a failure": {
    what: "a call without an answer is taken for one that did nothing, and made again",
    breaks: ["S6"],
    limits: { hosts: 1, machines: 1, faults: ["F2", "F9"] },
    tampering: onHosts(() => async (_, perform) => {
      try {
        return await perform();
      } catch (error) {
        if (hasReason(error, "OutcomeUnknown"))
          throw new StatusError("InternalError", "timed out", { cause: error });
        throw error;
      }
    }),
  },
  "undefine without the nvram flag": {
    what: "the definition of a domain that has run is not removed, because its nvram is in the way",
    breaks: ["L1", "L3"],
    tampering: onHosts((world) => async (call, perform) => {
      const domain = domainIn(hostOf(world, call.hostName), call.args[0]);
      if (call.verb === "undefineDomain" && domain !== undefined && domain.starts > 0) {
        throw new StatusError("OperationInvalid", "cannot undefine domain with nvram");
      }
      return perform();
    }),
  },
  "delete volumes by name": {
    what: "the volume that is removed is the first whose name ends like the one that was meant",
    breaks: ["S8"],
    tampering: () => ({
      parts: (options, world) => ({
        ...options,
        driver: {
          connect: async (how) => {
            const connection = await options.driver.connect(how);
            return new Proxy(connection, {
              get: (target, property) => {
                const value: unknown = Reflect.get(target, property, target);
                if (property !== "deleteVolume")
                  return typeof value === "function" ? value.bind(target) : value;
                const host = hostOf(world, how.uri.replace("fake://", ""));
                return (name: string, signal: AbortSignal) => {
                  const end = name.slice(name.lastIndexOf("-"));
                  const found = host
                    ?.pool(world.clusterId)
                    .list()
                    .find((volume) => volume.name.endsWith(end));
                  return target.deleteVolume(found?.name ?? name, signal);
                };
              },
            });
          },
        },
      }),
    }),
  },
  "take paused for stopped": {
    what: "a paused domain is seen as one that is shut off",
    breaks: ["L1", "L2", "S6"],
    limits: { faults: ["F13"] },
    tampering: onHosts(
      () => async (_, perform) =>
        mapDomains(await perform(), (domain) =>
          domain.state === "paused" ? { ...domain, state: "shutoff", reason: "unknown" } : domain,
        ),
    ),
  },
  "treat an event as the truth": {
    what: "a domain is looked at only when an event has told of it, and remembered otherwise",
    breaks: ["L1", "L2", "L3"],
    limits: { faults: ["F3"] },
    tampering: () => {
      const known = new Map<string, ObservedDomain>();
      return {
        parts: (options, world) => {
          world.watch.onHint = (domain) => known.set(domain.uid, domain.observed);
          return {
            ...options,
            driver: interceptDriver(options.driver, async (_, perform) =>
              mapDomains(await perform(), (domain) => known.get(domain.uid) ?? domain),
            ),
          };
        },
      };
    },
  },
  "treat unreachable as absent": {
    what: "a host that cannot be asked is taken for one that has nothing",
    breaks: ["L1", "L3", "S8", "L2"],
    limits: { faults: ["F6", "F7", "F9"] },
    tampering: onHosts(
      () =>
        async <T>(call: { readonly verb: string }, perform: () => Promise<T>): Promise<T> => {
          try {
            return await perform();
          } catch (error) {
            const isLook = call.verb === "observeDomain" || call.verb === "observe";
            if (!isLook || !(hasReason(error, "OutcomeUnknown") || hasReason(error, "HostUnreachable")))
              throw error;
            const nothing: unknown = call.verb === "observe" ? { domains: [], volumes: [] } : undefined;
            // What a look comes to is known by its verb.
            return nothing as T;
          }
        },
    ),
  },
  "leave autostart on": {
    what: "domains are defined such that their host starts them by itself",
    breaks: ["S1", "S6"],
    tampering: onHosts((world) => async (call, perform) => {
      const result = await perform();
      const domain = domainIn(hostOf(world, call.hostName), call.args[0]);
      if (call.verb === "defineDomain" && domain !== undefined) domain.autostart = true;
      return result;
    }),
  },
  "accept a stale list after a reconnect": {
    what: "each look at a host shows what the first one did, for an hour",
    breaks: ["L1", "L2", "L3", "S6"],
    limits: { faults: ["F7", "F9"] },
    tampering: () => {
      const last = new Map<string, { readonly seen: ObservedHost; readonly atMs: number }>();
      return {
        parts: (options, world) => ({
          ...options,
          driver: interceptDriver(options.driver, async (call, perform) => {
            const result = await perform();
            const before = last.get(call.hostName);
            if (!isLook(result)) return result;
            if (before !== undefined && world.time.elapsedMs - before.atMs < 3_600_000) {
              return Object.assign({}, result, before.seen);
            }
            last.set(call.hostName, { seen: result, atMs: world.time.elapsedMs });
            return result;
          }),
        }),
      };
    },
  },
};

function onHosts(around: (world: World) => Around): () => Tampering {
  return () => ({
    parts: (options, world) => ({ ...options, driver: interceptDriver(options.driver, around(world)) }),
  });
}

function simHostOf(world: World, hostName: string) {
  const host = world.driverParts.resolve(`fake://${hostName}`);
  if (host === undefined) throw new Error(`nobody is ${hostName}`);
  return host;
}

function hostOf(world: World, hostName: string): FakeHost | undefined {
  return world.driverParts.resolve(`fake://${hostName}`)?.fake;
}

function anyProcess(world: World) {
  const process = world.replicas.find((replica) => replica.process !== undefined)?.process;
  if (process === undefined) throw new Error("no controller runs");
  return process;
}

function domainIn(host: FakeHost | undefined, target: unknown): FakeDomain | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  if ("mark" in target) return domainIn(host, target.mark);
  return "uid" in target && typeof target.uid === "string" ? host?.findDomain(target.uid) : undefined;
}

function isLook(result: unknown): result is ObservedHost {
  return typeof result === "object" && result !== null && "domains" in result && "volumes" in result;
}

function isDomain(result: unknown): result is ObservedDomain {
  return typeof result === "object" && result !== null && "domainName" in result && "state" in result;
}

/** The answer to a look with every domain in it as it is made to seem. */
function mapDomains<T>(result: T, map: (domain: ObservedDomain) => ObservedDomain): T {
  if (isDomain(result)) return Object.assign({}, result, map(result));
  return isLook(result) ? Object.assign({}, result, { domains: result.domains.map(map) }) : result;
}

/** With the marks that the machines' own domains would have. */
function claimed<T>(world: World, result: T): T {
  return mapDomains(result, (domain) => {
    const vm = world.audit.machines.get(domain.uid);
    if (domain.mark !== undefined || vm === undefined) return domain;
    const { namespace = "default", name } = vm.metadata;
    const epoch = vm.status?.placementEpoch ?? 0;
    return { ...domain, mark: { clusterId: world.clusterId, namespace, name, uid: domain.uid, epoch } };
  });
}
