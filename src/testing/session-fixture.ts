import { FakeDriver } from "../drivers/fake/fake-driver.ts";
import { FakeHypervisor } from "../drivers/fake/fake-hypervisor.ts";
import { HandshakePacer } from "../reconciler/host/handshake-pacer.ts";
import { HostSession } from "../reconciler/host/host-session.ts";
import { HostSessions } from "../reconciler/host/host-sessions.ts";
import { silentLogger } from "../runtime/logger.ts";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { ManualClock } from "./manual-clock.ts";
import { SeededRandom } from "./seeded-random.ts";

const clusterId = "c1c1c1c1-0000-4000-8000-000000000000";

/** The Host object of a host in memory. */
export function hostObject(name: string, spec: Record<string, unknown> = {}) {
  return admit(HostKind, {
    apiVersion: "ostler.dev/v1",
    kind: "Host",
    metadata: { name, generation: 1 },
    spec: { uri: `fake://${name}`, ...spec },
  });
}

/** Sessions to hosts in memory, of which h1 and h2 exist, and what they called for. */
export async function sessionFixture() {
  const clock = new ManualClock();
  const random = new SeededRandom(1);
  const hosts = [{ name: "h1" }, { name: "h2" }];
  const hypervisor = new FakeHypervisor({ clock, random, hosts });
  const driver = new FakeDriver(hypervisor);
  const pacer = new HandshakePacer({ clock, perSecond: 20, burst: 10 });
  /** Uids, and host names for all machines of a host. */
  const called: string[] = [];
  /** Hosts that fell silent or spoke again, in turn. */
  const silences: string[] = [];
  const sessions = new HostSessions(
    (hostName, uri, onMention) =>
      new HostSession({
        hostName,
        uri,
        onMention,
        clusterId,
        driver,
        clock,
        random,
        logger: silentLogger,
        pacer,
        resyncMs: 15_000,
        onMachine: (uid) => called.push(uid),
        onSilence: () => silences.push(hostName),
        onHost: () => called.push(hostName),
      }),
  );
  const host = hypervisor.host("h1");
  const ensure = async (name = "h1") => {
    const session = await sessions.ensure(hostObject(name));
    await clock.advance(0);
    return session;
  };
  const stop = () => sessions[Symbol.asyncDispose]();
  return {
    clock,
    hypervisor,
    host,
    pool: host.pool(clusterId),
    sessions,
    called,
    silences,
    ensure,
    stop,
    clusterId,
  };
}
