/** Where a file may be: an exact path, a folder ending in `/`, or a glob. */
export type Place = string;

/**
 * Which places the production files of a folder may import from, besides their own folder. Type-only imports
 * count. Nothing in production imports `src/testing/`.
 */
export const layers: Readonly<Record<string, readonly Place[]>> = {
  "src/runtime/": [],
  "src/schema/": [
    "src/runtime/equal.ts",
    "src/runtime/errors.ts",
    "src/runtime/hash.ts",
    "src/runtime/on-demand.ts",
  ],
  "src/seed-files/": ["src/schema/", "src/runtime/errors.ts", "src/runtime/equal.ts"],
  "src/audit/": ["src/runtime/"],
  "src/store/": ["src/schema/", "src/runtime/"],
  "src/scheduler/": ["src/schema/", "src/runtime/errors.ts"],
  "src/drivers/": ["src/schema/", "src/runtime/"],
  "src/images/": ["src/schema/", "src/runtime/"],
  "src/reconciler/": [
    "src/schema/",
    "src/store/store.ts",
    "src/scheduler/",
    "src/drivers/domain-console.ts",
    "src/drivers/driver.ts",
    "src/drivers/unreachable.ts",
    "src/drivers/usage.ts",
    "src/images/image-store.ts",
    "src/runtime/",
  ],
  "src/source/": ["src/schema/", "src/store/store.ts", "src/runtime/"],
  "src/api/": ["src/audit/", "src/schema/", "src/store/store.ts", "src/scheduler/", "src/runtime/"],
  "src/cli/": [
    "src/api/client.ts",
    "src/api/seed/client.ts",
    "src/audit/verify.ts",
    "src/schema/",
    "src/seed-files/",
    "src/runtime/",
  ],
  "src/web/": ["src/api/client.ts", "src/schema/", "src/runtime/"],
};

/** What joins the concrete parts, and so may import them all. */
export const composition: readonly Place[] = [
  "src/main.ts",
  "src/serve.ts",
  "src/parts.ts",
  "src/outside.ts",
  "src/bootstrap.ts",
];

/** The one door of each third-party package, and of the few parts of Node that need one. */
export const doors: Readonly<Record<string, readonly Place[]>> = {
  "@kubernetes/client-node": ["src/testing/"],
  "@peculiar/x509": ["src/api/auth/certificate-writer.ts"],
  ajv: ["src/schema/validator.ts"],
  chokidar: ["src/source/folder-hints.ts"],
  commander: ["src/cli/", "src/main.ts"],
  fastify: ["src/api/"],
  "fast-check": ["src/testing/"],
  "oxc-parser": ["src/testing/"],
  pino: ["src/runtime/logger.ts"],
  "prom-client": ["src/runtime/metrics.ts", "src/runtime/prom-client.d.ts"],
  "reflect-metadata": ["src/api/auth/certificate-writer.ts"],
  saxes: ["src/drivers/libvirt/xml-reader.ts"],
  ssh2: ["src/drivers/libvirt/transport/ssh.ts"],
  tap: ["src/testing/"],
  typebox: ["src/schema/"],
  undici: ["src/api/client.ts"],
  ws: ["src/api/web-socket.ts"],
  yaml: ["src/schema/whole-yaml.ts", "src/schema/yaml-text.ts", "src/cli/output.ts"],
  "node:sqlite": ["src/store/sqlite-log.ts"],
  "node:timers": ["src/runtime/"],
  "node:timers/promises": ["src/runtime/"],
  "node:perf_hooks": ["src/runtime/"],
};

/** Files that compute and do nothing else: no I/O, no clock, no randomness, no waiting, no logging. */
export const pureZones: readonly Place[] = [
  "src/schema/",
  "src/seed-files/",
  "src/scheduler/",
  "src/store/prepare-delete.ts",
  "src/store/strategy.ts",
  "src/reconciler/**/plan.ts",
  "src/reconciler/**/status.ts",
  "src/reconciler/host/accelerator.ts",
  "src/reconciler/host/fence.ts",
  "src/reconciler/host/settled-pools.ts",
  "src/reconciler/host/unused-contents.ts",
  "src/reconciler/namespace-content.ts",
  "src/reconciler/pool/deletion-order.ts",
  "src/reconciler/pool/members.ts",
  "src/reconciler/pool/new-member.ts",
  "src/reconciler/volume/actions.ts",
  "src/reconciler/volume/choose-host.ts",
  "src/reconciler/volume/claim.ts",
  "src/reconciler/volume/plan-input.ts",
  "src/reconciler/volume/spots.ts",
  "src/reconciler/virtual-machine/actions.ts",
  "src/reconciler/virtual-machine/backoff.ts",
  "src/reconciler/virtual-machine/desired.ts",
  "src/reconciler/virtual-machine/failover.ts",
  "src/reconciler/virtual-machine/intent.ts",
  "src/reconciler/virtual-machine/measure.ts",
  "src/reconciler/virtual-machine/memory.ts",
  "src/reconciler/virtual-machine/pause.ts",
  "src/reconciler/virtual-machine/plan-input.ts",
  "src/reconciler/virtual-machine/readiness.ts",
  "src/reconciler/virtual-machine/remember.ts",
  "src/reconciler/virtual-machine/run-strategy.ts",
  "src/reconciler/virtual-machine/start-plan.ts",
  "src/reconciler/virtual-machine/volume-condition.ts",
  "src/reconciler/virtual-machine/volume-memory.ts",
  "src/reconciler/virtual-machine/volume-steps.ts",
  "src/reconciler/virtual-machine/volumes.ts",
  "src/api/facade/metrics-of.ts",
  "src/api/facade/node-of.ts",
  "src/api/facade/pod-of.ts",
  "src/api/facade/derived-uid.ts",
  "src/drivers/**/domain-xml.ts",
  "src/drivers/**/domain-parse.ts",
  "src/images/format.ts",
  "src/images/qcow2.ts",
  "src/images/public-address.ts",
  "src/drivers/libvirt/rpc/xdr.ts",
  "src/drivers/libvirt/rpc/frame.ts",
  "src/source/apply.ts",
  "src/source/prune.ts",
  "src/source/status.ts",
];

/** What pure files may take from `src/runtime/`: a list of names, or everything. */
export const pureRuntime: Readonly<Record<Place, "everything" | readonly string[]>> = {
  "src/runtime/equal.ts": "everything",
  "src/runtime/errors.ts": "everything",
  "src/runtime/hash.ts": "everything",
  "src/runtime/on-demand.ts": "everything",
  "src/runtime/clock.ts": ["formatTime", "formatMicroTime", "parseTime"],
};

const viaClock = "take a Clock (src/runtime/clock.ts) as an argument";
const viaRandom = "take a Random (src/runtime/random.ts) as an argument";

/** Globals and imported names that reach time, chance or the terminal past the ports, with the remedy. */
export const bannedGlobals: Readonly<Record<string, string>> = {
  "Date.now": viaClock,
  "Date()": viaClock,
  "new Date()": viaClock,
  "performance.now": viaClock,
  "performance.timeOrigin": viaClock,
  "process.hrtime": viaClock,
  "process.uptime": viaClock,
  "setTimeout()": viaClock,
  "setInterval()": viaClock,
  "setImmediate()": viaClock,
  "AbortSignal.timeout": viaClock,
  "Math.random": viaRandom,
  "crypto.randomUUID": viaRandom,
  "crypto.getRandomValues": viaRandom,
  "randomBytes()": viaRandom,
  "randomInt()": viaRandom,
  "randomUUID()": viaRandom,
};

/** Where `console` may be used; everything else logs through `Logger`. */
export const consoles: readonly Place[] = ["src/cli/", "src/main.ts"];

/** Where untyped data becomes typed: the only production files that may cast with `as`. */
export const castDoors: readonly Place[] = ["src/drivers/libvirt/rpc/codec.ts"];

/** Production files with behaviour but no test beside them, each with the reason. */
export const untested: Readonly<Record<Place, string>> = {
  "src/main.ts": "runs the command line; started for real by the end-to-end tests",
  "src/outside.ts": "builds what is real; the end-to-end tests use all of it",
  "src/parts.ts": "joins the parts; src/serve.test.ts starts them all",
};

export const limits = { fileLines: 300, functionLines: 60, lineColumns: 110 } as const;
