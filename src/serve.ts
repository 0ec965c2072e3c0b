import { mkdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { Access } from "./api/auth/access.ts";
import { ensureAdminToken } from "./api/auth/admin-token.ts";
import { bearerAuthenticator } from "./api/auth/authenticator.ts";
import { openCertificateIssuer } from "./api/auth/certificate-issuer.ts";
import { ensureCertificates } from "./api/auth/certificates.ts";
import { writeKubeconfig } from "./api/auth/kubeconfig.ts";
import { isLoopback, reachableHost, serverNames } from "./api/auth/server-names.ts";
import type { Consoles } from "./api/console/consoles.ts";
import type { UsageDesk } from "./api/facade/usage-desk.ts";
import type { Readiness } from "./api/health-routes.ts";
import type { HostKeys } from "./api/host-keys.ts";
import { buildServer } from "./api/server.ts";
import { AuditLog, type AuditTrail } from "./audit/audit-log.ts";
import {
  ensureDefaultRoles,
  ensureFakeHosts,
  ensureHost,
  ensureNamespaces,
  ensureSource,
  parseHostArgument,
} from "./bootstrap.ts";
import { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { realContent, realDriver, realHostKeys } from "./outside.ts";
import { buildParts } from "./parts.ts";
import { Manager, type Part } from "./reconciler/manager.ts";
import { aborted, pause } from "./runtime/abort.ts";
import { systemClock as clock } from "./runtime/clock.ts";
import { createLogger, type Logger } from "./runtime/logger.ts";
import { createMetrics } from "./runtime/metrics.ts";
import { systemRandom as random } from "./runtime/random.ts";
import { processHeap, spareMemory } from "./runtime/spare-memory.ts";
import type { PlacementDesk } from "./scheduler/placement-desk.ts";
import { compilePolicy } from "./scheduler/policies.ts";
import { admit, admitStatus, defaultNamespace, prepareAdmission } from "./schema/admission.ts";
import { NamespaceKind, systemNamespace } from "./schema/namespace.ts";
import { quotaRules } from "./schema/quota-rules.ts";
import { kinds } from "./schema/scheme.ts";
import { type ServeConfig, splitListen } from "./schema/serve-config.ts";
import { VirtualMachineKind } from "./schema/virtual-machine.ts";
import type { Log } from "./store/log.ts";
import { QuotaLedger } from "./store/quota-ledger.ts";
import { ResourceStore } from "./store/resource-store.ts";
import { openSqliteLog } from "./store/sqlite-log.ts";
import { keepWitness, readWitness, type WitnessOptions } from "./store/witness.ts";

export interface ServeOptions {
  readonly config: ServeConfig;
  readonly version: string;
  /** Ends the server in good order. */
  readonly signal: AbortSignal;
}

/**
 * Runs the whole controller until the signal is aborted. Throws when it cannot start, or when a part fails.
 */
export async function serve({ config, version, signal }: ServeOptions): Promise<void> {
  const stateDirectory = resolve(config.stateDir);
  const logger = createLogger(config.logLevel);
  const metrics = createMetrics();
  await mkdir(join(stateDirectory, "images"), { recursive: true, mode: 0o700 });
  const opened = await openLog(stateDirectory);
  await using log = opened.log;
  const { restored } = opened;
  await using audit = await AuditLog.open({ directory: join(stateDirectory, "audit"), clock, logger });
  const ledger = new QuotaLedger(quotaRules);
  using store = await ResourceStore.open({ log, clock, random, ledger, ...admission });
  await ledger.fill(store);
  const hypervisor = new FakeHypervisor({ clock, random });
  const clusterId = await ensureNamespaces(store);
  await ensureDefaultRoles(store);
  await seed(store, config, hypervisor);
  let started = false;
  let whyObserving = (): string | undefined => restored;
  const mayAct = (): boolean => log.failure() === undefined && whyObserving() === undefined;
  const built = buildParts({
    clock,
    random,
    logger,
    metrics,
    store,
    log,
    restored,
    driver: realDriver(hypervisor, stateDirectory, mayAct),
    content: realContent(stateDirectory, config.imageDirs),
    clusterId,
    quotaUse: (namespace) => ledger.used(namespace),
    mayAct: () => log.failure() === undefined,
    resyncMs: config.resyncSeconds * 1000,
    profile: compilePolicy({ type: config.placementPolicy }),
  });
  const { parts, retryHost, ...desks } = built;
  whyObserving = built.whyObserving;
  const { api, access } = await apiPart({
    config,
    version,
    stateDirectory,
    store,
    logger,
    metrics,
    audit,
    hostKeys: realHostKeys(stateDirectory, retryHost),
    ...desks,
    ready: () => readiness(started, log.failure()?.message, whyObserving()),
  });
  const manager = new Manager({ clock, logger });
  const decide: Access["decide"] = (user, attributes) => access.decide(user, attributes);
  const flat = await flatApiParts({ config, store, logger, metrics, audit, decide });
  const witness = witnessPart({ directory: stateDirectory, log, clock, mayWrite: mayAct });
  for (const part of [witness, ...parts, accessPart(access), ...flat, api, ...afterwards]) manager.add(part);
  await manager.run(signal, () => {
    started = true;
    logger.info("ready", { stateDirectory });
  });
  logger.info("stopped");
}

/** The log, and why it is not as far as it was here before, if that is so. */
async function openLog(directory: string): Promise<{ readonly log: Log; readonly restored?: string }> {
  const witness = await readWitness(directory);
  const reasons: string[] = [];
  const onOlder = (why: string): unknown => reasons.push(why);
  const log = await openSqliteLog({ directory, clock, random, witness, onOlder });
  const [restored] = reasons;
  return restored === undefined ? { log } : { log, restored };
}

function witnessPart(options: WitnessOptions): Part {
  return { name: "witness", run: (signal) => keepWitness(options, signal) };
}

/** Who asks whether all is ready is answered before what takes a moment is begun. */
const preparationDelayMs = 50;

/** Once all is ready: whoever creates the first machine need not wait for what it takes to judge one. */
const preparation: Part = {
  name: "preparation",
  async run(signal) {
    await pause(clock, preparationDelayMs, signal);
    prepareAdmission(VirtualMachineKind);
    await aborted(signal);
  },
};

const sparing: Part = {
  name: "spare memory",
  async run(signal) {
    const heap = processHeap();
    await (heap === undefined ? aborted(signal) : spareMemory(heap, clock, signal));
  },
};

const afterwards: readonly Part[] = [preparation, sparing];

const admission = { admit, admitStatus, namespaceKind: NamespaceKind };

/** Without a store that takes writes, and can be believed, it does nothing on hosts. */
export function readiness(started: boolean, ...against: readonly (string | undefined)[]): Readiness {
  const reasons = [started ? undefined : "starting", ...against].filter((reason) => reason !== undefined);
  return { ready: reasons.length === 0, reasons };
}

/** Writes down what the settings name, where it is not there yet. */
async function seed(store: ResourceStore, config: ServeConfig, hypervisor: FakeHypervisor): Promise<void> {
  for (const text of config.hosts) {
    await ensureHost(store, parseHostArgument(text, hostname()), config.accelerator);
  }
  await ensureFakeHosts(store, hypervisor, config.fakeHosts);
  if (config.manifests === undefined) return;
  const directory = resolve(config.manifests);
  await mkdir(directory, { recursive: true });
  await ensureSource(store, directory);
}

interface ApiPartOptions {
  readonly audit: AuditTrail;
  readonly config: ServeConfig;
  readonly version: string;
  readonly stateDirectory: string;
  readonly store: ResourceStore;
  readonly logger: Logger;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly hostKeys: HostKeys;
  readonly placement: PlacementDesk;
  readonly usage: UsageDesk;
  readonly consoles: Consoles;
  readonly ready: () => Readiness;
}

/** The API, which listens once all other parts have started and is the first to stop; and who may do what. */
async function apiPart(options: ApiPartOptions): Promise<{ readonly api: Part; readonly access: Access }> {
  const { config, stateDirectory, ...shared } = options;
  const { logger } = shared;
  const { host, port } = splitListen(config.listen);
  const directory = join(stateDirectory, "tls");
  const kubeconfigPath = join(stateDirectory, "kubeconfig");
  const names = serverNames(host);
  const certificates = await ensureCertificates({ directory, names, clock, random });
  const issuer = await openCertificateIssuer({ directory, clock, random });
  const otherCa = config.clientCa === undefined ? [] : [await readFile(config.clientCa, "utf8")];
  const { token, records } = await ensureAdminToken({ directory: stateDirectory, kubeconfigPath, random });
  const authenticate = bearerAuthenticator(records);
  const access = new Access({ store: shared.store, clock, logger, authenticate });
  const app = buildServer({
    ...shared,
    access,
    kinds,
    clock,
    random,
    podFacade: config.podFacade === "on",
    authenticate,
    hostNames: names,
    tls: { ...certificates.server, clientCa: [issuer.ca, ...otherCa] },
    issuer,
  });
  const api: Part = {
    name: "api",
    async start() {
      if (!isLoopback(host)) logger.warn("listening beyond loopback, as asked", { address: host });
      await app.listen({ host, port });
      const address = app.addresses()[0];
      const listensOn = typeof address === "object" ? address.port : port;
      const server = `https://${bracketed(reachableHost(host))}:${listensOn}`;
      await writeKubeconfig(kubeconfigPath, { server, ca: certificates.ca, token });
      logger.info("listening", { server, kubeconfig: kubeconfigPath });
    },
    stop: async () => app.close(),
  };
  return { api, access };
}

/** Roles are known before anybody is answered, on whichever API. */
function accessPart(access: Access): Part {
  return { name: "access", start: () => access.start(), stop: async () => access.stop() };
}

/** The flat API, if it is asked for. */
async function flatApiParts(
  options: Pick<ApiPartOptions, "config" | "store" | "logger" | "metrics" | "audit"> & Pick<Access, "decide">,
): Promise<readonly Part[]> {
  const { config, ...shared } = options;
  if (config.seedListen === undefined) return [];
  const { seedPart } = await import("./api/seed/part.ts");
  const settings = {
    errorShape: config.seedErrorShape,
    timeoutMs: config.seedTimeoutSeconds * 1000,
    namespace: defaultNamespace,
    placementPolicy: config.seedPlacementPolicy,
    network: config.seedNetwork,
  };
  const { host, port } = splitListen(config.seedListen);
  const names = config.seedNames;
  return [
    seedPart({ ...shared, clock, random, host, port, names, settings, countingNamespace: systemNamespace }),
  ];
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
