import type { AuditTrail } from "../../audit/audit-log.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { Random } from "../../runtime/random.ts";
import type { Store } from "../../store/store.ts";
import type { Access } from "../auth/access.ts";
import { isLoopback, serverNames } from "../auth/server-names.ts";
import type { SeedSettings } from "./context.ts";
import { SeedIds } from "./ids.ts";
import { Line } from "./line.ts";
import { buildSeedServer } from "./server.ts";
import { takeBackUntold } from "./untold.ts";

export interface SeedPartOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly decide: Access["decide"];
  readonly audit: AuditTrail;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** By which it is reached, besides addresses and the machine's own name. */
  readonly names: readonly string[];
  readonly settings: SeedSettings;
  /** The namespace in whose annotations the last numbers are kept. */
  readonly countingNamespace: string;
}

const waitingMax = 512;

/** The flat API as a part of the server, with a listener of its own. */
export function seedPart(options: SeedPartOptions): {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
} {
  const { store, logger, host, port, countingNamespace } = options;
  const app = buildSeedServer({
    ...options,
    ids: new SeedIds(store, countingNamespace),
    line: new Line(waitingMax),
    volumeLine: new Line(waitingMax),
    hostNames: [...serverNames(host), ...options.names],
  });
  return {
    name: "flat api",
    async start() {
      await takeBackUntold({ store, logger });
      await app.listen({ host, port });
      if (!isLoopback(host)) {
        logger.warn("the flat API is open to everybody who reaches this address, as asked", {
          address: host,
        });
      }
      const [address] = app.addresses();
      const listensOn = typeof address === "object" ? address.port : port;
      logger.info("flat API listening", { address: host, port: listensOn });
    },
    stop: async () => app.close(),
  };
}
