import type { FastifyInstance } from "fastify";
import { RoleIndex } from "../api/auth/role-index.ts";
import type { SeedSettings } from "../api/seed/context.ts";
import { SeedIds } from "../api/seed/ids.ts";
import { Line } from "../api/seed/line.ts";
import { buildSeedServer } from "../api/seed/server.ts";
import type { AuditTrail } from "../audit/audit-log.ts";
import type { AuditFields } from "../audit/record.ts";
import { silentLogger } from "../runtime/logger.ts";
import { createMetrics } from "../runtime/metrics.ts";
import { systemRandom } from "../runtime/random.ts";
import {
  defaultClusterRoleBindings,
  defaultClusterRoles,
  seedClientsGroup,
} from "../schema/default-roles.ts";
import type { PolicyRule } from "../schema/rbac.ts";
import { Cluster, type ClusterOptions } from "./cluster.ts";

/** The flat API over a whole controller with hosts in memory, on virtual time. */
export interface SeedFixture extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly app: FastifyInstance;
  /** Asks and lets time go on until there is an answer, which is the JSON in the body. */
  ask(path: string): Promise<unknown>;
  /** Asks all at once, in this order; the answers are in the same order. */
  askAll(paths: readonly string[]): Promise<readonly unknown[]>;
  /** What the audit log has been told. */
  readonly told: readonly AuditFields[];
  /** Takes back what everybody may, but for what this role allows in the namespace `default`. */
  narrow(rules: PolicyRule[]): void;
  /** Ends the server and the controller, and starts both on what they left. */
  restart(): Promise<void>;
}

export interface SeedFixtureOptions extends ClusterOptions {
  readonly settings?: Partial<SeedSettings>;
  readonly waitingMax?: number;
  /** In place of `told`. */
  readonly audit?: AuditTrail;
}

const defaults: SeedSettings = { errorShape: "zero", timeoutMs: 60_000, namespace: "default" };

/** Starts it with a type of 1 CPU, 512 MB and 1 GB, and an image that is ready. */
export async function startSeed(options: SeedFixtureOptions = {}): Promise<SeedFixture> {
  const cluster = await Cluster.start(options);
  await cluster.addInstanceType("small", 1, "512Mi");
  await cluster.addImage("debian", "a");
  const told: AuditFields[] = [];
  const audit = options.audit ?? trailInto(told);
  let roles = defaultRoles();
  const start = (): FastifyInstance => {
    const { store, clock } = cluster;
    return buildSeedServer({
      store,
      clock,
      random: systemRandom,
      audit,
      decide: (user, attributes) => roles.decide(user, attributes),
      logger: silentLogger,
      metrics: createMetrics(),
      ids: new SeedIds(store, "default"),
      line: new Line(options.waitingMax ?? 1000),
      volumeLine: new Line(1000),
      settings: { ...defaults, ...options.settings },
      hostNames: ["localhost"],
    });
  };
  let app = start();
  const askAll = async (paths: readonly string[]): Promise<readonly unknown[]> => {
    const answers = paths.map(async (url) => {
      const { payload, statusCode } = await app.inject({ method: "GET", url });
      if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${payload}`);
      return JSON.parse(payload);
    });
    return passTime(cluster, Promise.all(answers));
  };
  return {
    cluster,
    get app() {
      return app;
    },
    told,
    narrow(rules) {
      roles = rolesOf(rules);
    },
    askAll,
    ask: async (path) => (await askAll([path]))[0],
    async restart() {
      await app.close();
      await cluster.stopController();
      await cluster.startController();
      await cluster.settle();
      app = start();
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

function trailInto(told: AuditFields[]): AuditTrail {
  return {
    append: (fields) => void told.push(fields),
    async appendDurably(fields) {
      told.push(fields);
    },
  };
}

function defaultRoles(): RoleIndex {
  const roles = new RoleIndex();
  for (const { metadata, rules = [] } of defaultClusterRoles) roles.putRole(undefined, metadata.name, rules);
  for (const binding of defaultClusterRoleBindings) roles.putBinding(binding);
  return roles;
}

function rolesOf(rules: PolicyRule[]): RoleIndex {
  const roles = new RoleIndex();
  const apiGroup = "rbac.authorization.k8s.io";
  roles.putRole("default", "narrow", rules);
  roles.putBinding({
    apiVersion: `${apiGroup}/v1`,
    kind: "RoleBinding",
    metadata: { name: "narrow", namespace: "default" },
    roleRef: { apiGroup, kind: "Role", name: "narrow" },
    subjects: [{ kind: "Group", apiGroup, name: seedClientsGroup }],
  });
  return roles;
}

/** Lets virtual time go on until the work is done. */
export async function passTime<T>(cluster: Cluster, work: Promise<T>): Promise<T> {
  let done = false;
  const finish = (): void => {
    done = true;
  };
  work.then(finish, finish);
  while (!done) await cluster.settle(100);
  return work;
}
