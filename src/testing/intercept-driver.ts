import type { Driver, HostConnection } from "../drivers/driver.ts";

/** One call of a verb on the way to a host. */
export interface VerbCall {
  readonly hostName: string;
  readonly verb: string;
  readonly args: readonly unknown[];
}

/** Stands between a controller and its hosts; `perform` lets the call through. */
export type Around = <T>(call: VerbCall, perform: () => Promise<T>) => Promise<T>;

const notVerbs: ReadonlySet<string | symbol> = new Set(["closed", "hints", Symbol.asyncDispose]);

/** A driver whose every verb, connecting included, goes through `around`. */
export function interceptDriver(driver: Driver, around: Around): Driver {
  return {
    connect(options) {
      const hostName = options.uri.replace(/^.*:\/\//, "");
      return around({ hostName, verb: "connect", args: [] }, async () =>
        interceptConnection(await driver.connect(options), hostName, around),
      );
    },
  };
}

function interceptConnection(connection: HostConnection, hostName: string, around: Around): HostConnection {
  return new Proxy(connection, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      if (notVerbs.has(property)) return value.bind(target);
      const verb = String(property);
      return (...args: readonly unknown[]) =>
        around({ hostName, verb, args }, () => Reflect.apply(value, target, args));
    },
  });
}

/** The verbs that change something on a host. */
export const mutatingVerbs: ReadonlySet<string> = new Set([
  "defineDomain",
  "startDomain",
  "suspendDomain",
  "resumeDomain",
  "shutdownDomain",
  "destroyDomain",
  "undefineDomain",
  "attachVolume",
  "detachVolume",
  "growVolume",
  "ensureContent",
  "ensureVolume",
  "deleteVolume",
]);
