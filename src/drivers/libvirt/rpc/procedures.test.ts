import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../../runtime/clock.ts";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { connectUnix } from "../transport/unix.ts";
import { errorCode } from "./errors.ts";
import { type LibvirtEvent, lifecycleEvent } from "./event-layouts.ts";
import { LibvirtClient } from "./libvirt-client.ts";
import { connectCalls, feature } from "./procedures-connect.ts";
import {
  affect,
  blockResizeFlag,
  createFlag,
  domainCalls,
  metadataType,
  undefineFlag,
  xmlFlag,
} from "./procedures-domain.ts";
import { networkCalls } from "./procedures-network.ts";
import { poolCalls, poolState, volumeCalls } from "./procedures-storage.ts";
import { paramMap } from "./types.ts";

const { available, reason } = libvirtAvailable();
const list = { needResults: 1, flags: 0 };
const none = { flags: 0 };

t.test("the tables have every number and name once", async (t) => {
  const all = [connectCalls, domainCalls, networkCalls, poolCalls, volumeCalls].flatMap((table) =>
    Object.values(table),
  );
  t.equal(new Set(all.map(({ number }) => number)).size, all.length);
  t.equal(new Set(all.map(({ name }) => name)).size, all.length);
});

t.test("the layouts are those of a real daemon", { skip: available ? false : reason }, async (t) => {
  await using host = await startLibvirtHost({ name: "layouts" });
  await using client = await LibvirtClient.open(await connectUnix([host.socketPath]), {
    driverUri: "qemu:///system",
    clock: systemClock,
  });
  const call: typeof client.call = (procedure, args, options) => client.call(procedure, args, options);
  const virsh = async (...argv: string[]): Promise<string> =>
    (await host.exec(["virsh", "-q", "-c", "qemu:///system", ...argv])).stdout.trim();

  await t.test("the connection and the host", async (t) => {
    t.strictSame(await call(connectCalls.getType, {}), { type: "QEMU" });
    t.match(await call(connectCalls.getHostname, {}), { hostname: "layouts" });
    t.strictSame(await call(connectCalls.getUri, {}), { uri: "qemu:///system" });
    const { version } = await call(connectCalls.getVersion, {});
    t.ok(version > 1_000_000);
    t.match(await call(connectCalls.getCapabilities, {}), { xml: /<capabilities>/ });
    t.strictSame(await call(connectCalls.supportsFeature, { feature: feature.remoteEventCallback }), {
      supported: true,
    });
    t.match(await call(connectCalls.getMaxVcpus, { type: "qemu" }), { maxVcpus: Number });
    t.match(await call(connectCalls.getDomainCapabilities, { virtType: "qemu", ...none }), {
      xml: /<domainCapabilities>/,
    });
    const node = await call(connectCalls.nodeGetInfo, {});
    t.match(
      await virsh("nodeinfo"),
      new RegExp(`CPU\\(s\\): +${node.cpus}\\b[^]*Memory size: +${node.memoryKib} KiB`),
    );
    t.equal(node.model, await virsh("nodeinfo").then((text) => /CPU model: +(\S+)/.exec(text)?.[1]));
    const { count } = await call(connectCalls.nodeGetCpuStats, { cpu: -1, count: 0, ...none });
    const cpu = await call(connectCalls.nodeGetCpuStats, { cpu: -1, count, ...none });
    t.ok(cpu.params.some(({ field, value }) => field === "user" && value > 0));
    const memory = await call(connectCalls.nodeGetMemoryStats, { cell: -1, count: 0, ...none });
    const { params } = await call(connectCalls.nodeGetMemoryStats, {
      cell: -1,
      count: memory.count,
      ...none,
    });
    t.strictSame(params.map(({ field }) => field).sort(), ["buffers", "cached", "free", "total"]);
    t.ok((await call(connectCalls.nodeGetFreeMemory, {})).bytes > 0);
    t.ok((await call(connectCalls.listAllNodeDevices, list)).count >= 0);
    await call(connectCalls.registerCloseCallback, {});
  });

  await t.test("pools and volumes", async (t) => {
    const path = join(host.directory, "images");
    await mkdir(path);
    const xml = `<pool type='dir'><name>images</name><target><path>${path}</path></target></pool>`;
    const { pool } = await call(poolCalls.defineXml, { xml, ...none });
    await call(poolCalls.build, { pool, ...none });
    await call(poolCalls.create, { pool, ...none });
    t.strictSame(await call(poolCalls.isActive, { pool }), { active: true });
    t.strictSame(await call(poolCalls.lookupByName, { name: "images" }), { pool });
    t.strictSame(await call(poolCalls.lookupByUuid, { uuid: pool.uuid }), { pool });
    t.strictSame((await call(connectCalls.listAllPools, list)).pools, [pool]);
    const info = await call(poolCalls.getInfo, { pool });
    t.equal(info.state, poolState.running);
    t.ok(info.capacity > 0 && info.available > 0);
    await call(poolCalls.setAutostart, { pool, autostart: true });
    t.strictSame(await call(poolCalls.getAutostart, { pool }), { autostart: true });
    t.match(await call(poolCalls.getXml, { pool, ...none }), { xml: /<name>images<\/name>/ });

    const raw = (name: string): string => `<volume><name>${name}</name><capacity>8192</capacity></volume>`;
    const { volume } = await call(volumeCalls.createXml, { pool, xml: raw("a"), ...none });
    t.match(volume, { pool: "images", name: "a", key: join(path, "a") });
    const copied = await call(volumeCalls.createXmlFrom, { pool, xml: raw("b"), source: volume, ...none });
    t.strictSame((await call(poolCalls.listAllVolumes, { pool, ...list })).count, 2);
    t.strictSame(await call(volumeCalls.lookupByName, { pool, name: "a" }), { volume });
    t.strictSame(await call(volumeCalls.lookupByPath, { path: volume.key }), { volume });
    t.strictSame(await call(volumeCalls.lookupByKey, { key: volume.key }), { volume });
    t.strictSame(await call(volumeCalls.getPath, { volume }), { path: volume.key });
    t.match(await call(volumeCalls.getXml, { volume, ...none }), { xml: /<capacity unit='bytes'>8192</ });
    await call(volumeCalls.resize, { volume, capacity: 16_384, ...none });
    t.match(await call(volumeCalls.getInfo, { volume }), { type: 0, capacity: 16_384 });
    await call(volumeCalls.wipe, { volume, ...none });
    await call(volumeCalls.delete, { volume: copied.volume, ...none });
    await call(poolCalls.refresh, { pool, ...none });
    t.strictSame((await call(poolCalls.listAllVolumes, { pool, ...list })).volumes, [volume]);
  });

  await t.test("networks", async (t) => {
    const xml =
      "<network><name>lab</name><bridge name='lab0'/><ip address='10.99.0.1' netmask='255.255.255.0'>" +
      "<dhcp><range start='10.99.0.10' end='10.99.0.20'/></dhcp></ip></network>";
    const seen: LibvirtEvent[] = [];
    const gone = Promise.withResolvers<void>();
    const subscription = await client.events.subscribe("networkLifecycle", (event) => {
      seen.push(event);
      if (event.type === "networkLifecycle" && event.event === 1) gone.resolve();
    });
    const { network } = await call(networkCalls.defineXml, { xml });
    await call(networkCalls.create, { network });
    t.strictSame(await call(networkCalls.isActive, { network }), { active: true });
    t.strictSame(await call(networkCalls.lookupByName, { name: "lab" }), { network });
    t.strictSame(await call(networkCalls.lookupByUuid, { uuid: network.uuid }), { network });
    t.strictSame((await call(connectCalls.listAllNetworks, list)).networks, [network]);
    t.strictSame(await call(networkCalls.getBridgeName, { network }), { bridge: "lab0" });
    await call(networkCalls.setAutostart, { network, autostart: true });
    t.strictSame(await call(networkCalls.getAutostart, { network }), { autostart: true });
    const host4 = "<host mac='52:54:00:00:00:01' ip='10.99.0.11'/>";
    await call(networkCalls.update, {
      network,
      command: 3,
      section: 4,
      parentIndex: -1,
      xml: host4,
      flags: affect.live,
    });
    t.match(await call(networkCalls.getXml, { network, ...none }), { xml: /52:54:00:00:00:01/ });
    t.strictSame(await call(networkCalls.getDhcpLeases, { network, ...list }), { leases: [], count: 0 });
    await call(networkCalls.destroy, { network });
    await call(networkCalls.undefine, { network });
    await gone.promise; // the daemon may send an event after the answer to what it tells of
    await subscription.cancel();
    t.ok(seen.length >= 4);
    t.match(seen[0], { type: "networkLifecycle", network, event: 0 });
  });

  await t.test("a domain, from definition to nothing", async (t) => {
    const disk = join(host.directory, "images/a");
    const xml =
      "<domain type='qemu'><name>guest</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>" +
      "<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features><devices>" +
      `<disk type='file'><driver name='qemu' type='raw'/><source file='${disk}'/><target dev='vda'/></disk>` +
      "<console type='pty'/></devices></domain>";
    const events: string[] = [];
    const listener = (event: LibvirtEvent): void =>
      void events.push(event.type === "lifecycle" ? `lifecycle ${event.event}` : event.type);
    for (const type of [
      "lifecycle",
      "reboot",
      "metadataChange",
      "deviceRemoved",
      "deviceAdded",
      "balloonChange",
      "jobCompleted",
    ] as const) {
      await client.events.subscribe(type, listener);
    }
    const { domain } = await call(domainCalls.defineXml, { xml, ...none });
    t.strictSame(await call(domainCalls.lookupByUuid, { uuid: domain.uuid }), { domain });
    t.strictSame(await call(domainCalls.isPersistent, { domain }), { persistent: true });
    await call(domainCalls.setAutostart, { domain, autostart: true });
    t.strictSame(await call(domainCalls.getAutostart, { domain }), { autostart: true });

    const uri = "http://test/";
    const element = { domain, type: metadataType.element, uri };
    await call(domainCalls.setMetadata, {
      ...element,
      metadata: "<mark id='1'/>",
      key: "t",
      flags: affect.config,
    });
    t.match(await call(domainCalls.getMetadata, { ...element, flags: affect.config }), {
      metadata: '<mark id="1"/>',
    });
    await call(domainCalls.setMetadata, { ...element, flags: affect.config });
    await t.rejects(call(domainCalls.getMetadata, { ...element, flags: affect.config }), {
      code: errorCode.noDomainMetadata,
      message: /metadata/,
    });

    const started = await call(
      domainCalls.create,
      { domain, flags: createFlag.paused },
      { deadlineMs: 60_000 },
    );
    t.ok(started.domain.id > 0);
    t.strictSame((await call(domainCalls.lookupById, { id: started.domain.id })).domain.uuid, domain.uuid);
    t.match(await call(domainCalls.getState, { domain, ...none }), { state: 3 });
    await call(domainCalls.resume, { domain });
    t.strictSame(await call(domainCalls.isActive, { domain }), { active: true });
    t.match(await call(domainCalls.getInfo, { domain }), { state: 1, maxMemoryKib: 32_768, vcpus: 1 });
    t.match(await call(domainCalls.getXml, { domain, flags: xmlFlag.inactive }), {
      xml: /<name>guest<\/name>/,
    });
    t.strictSame(await call(domainCalls.getVcpus, { domain, ...none }), { vcpus: 1 });
    t.match(await call(domainCalls.getBlockInfo, { domain, path: "vda", ...none }), { capacity: 16_384 });
    t.match(await call(domainCalls.getBlockJobInfo, { domain, path: "vda", ...none }), { found: false });
    await call(domainCalls.blockResize, { domain, disk: "vda", size: 32_768, flags: blockResizeFlag.bytes });
    t.match(await call(domainCalls.getBlockInfo, { domain, path: "vda", ...none }), { capacity: 32_768 });
    t.ok((await call(domainCalls.getMemoryStats, { domain, maxStats: 20, ...none })).stats.length > 0);
    t.strictSame(await call(domainCalls.getJobStats, { domain, ...none }), { type: 0, params: [] });
    await t.rejects(call(domainCalls.abortJob, { domain }), {
      code: errorCode.operationInvalid,
      message: /no job/,
    });
    await call(domainCalls.setMemory, { domain, memoryKib: 32_768, flags: affect.live });
    t.strictSame(await call(domainCalls.getInterfaceAddresses, { domain, source: 0, ...none }), {
      interfaces: [],
    });
    await t.rejects(call(domainCalls.getGuestInfo, { domain, types: 0, ...none }), { message: /agent/ });
    const password = { user: "u", password: "p", ...none };
    await t.rejects(call(domainCalls.setUserPassword, { domain, ...password }), { message: /agent/ });
    const stats = await call(connectCalls.getAllDomainStats, { domains: [domain], groups: 0, ...none });
    const values = paramMap(stats.records[0]?.params ?? []);
    t.equal(values.get("state.state"), 1);
    t.equal(values.get("block.0.path"), disk);
    t.ok(Number(values.get("cpu.time")) > 0);

    const controller = "<controller type='scsi' index='0' model='virtio-scsi'/>";
    await call(domainCalls.attachDevice, { domain, xml: controller, flags: affect.live | affect.config });
    // From what runs it would wait for the guest to let go of it.
    await call(domainCalls.detachDevice, { domain, xml: controller, flags: affect.config });
    const console = await client.openStream(domainCalls.openConsole, { domain, ...none });
    console.abort();
    await call(domainCalls.suspend, { domain });
    await call(domainCalls.resume, { domain });
    await call(domainCalls.reset, { domain, ...none });
    await call(domainCalls.shutdown, { domain, ...none });
    await call(domainCalls.destroy, { domain, ...none });
    t.match(await call(domainCalls.getState, { domain, ...none }), { state: 5, reason: 2 });
    await call(domainCalls.setVcpus, { domain, vcpus: 1, flags: affect.config });
    t.strictSame(await call(domainCalls.hasManagedSave, { domain, ...none }), { has: false });

    const snapshotXml = "<domainsnapshot><name>one</name></domainsnapshot>";
    const refused = call(domainCalls.snapshotCreateXml, { domain, xml: snapshotXml, ...none });
    await t.rejects(refused, { code: errorCode.configUnsupported, message: /snapshot.*raw/ });
    t.strictSame(await call(domainCalls.snapshotList, { domain, ...list }), { snapshots: [], count: 0 });
    await call(domainCalls.rename, { domain, newName: "renamed", ...none });
    await call(domainCalls.undefine, {
      domain: { ...domain, name: "renamed" },
      flags: undefineFlag.managedSave | undefineFlag.nvram,
    });
    t.strictSame((await call(connectCalls.listAllDomains, list)).domains, []);

    t.ok(events.includes(`lifecycle ${lifecycleEvent.defined}`));
    t.ok(events.includes(`lifecycle ${lifecycleEvent.stopped}`));
    t.ok(events.includes("metadataChange"));
    t.ok(events.includes("deviceAdded"));
    t.notOk(events.includes("lost"), "every event could be read");
  });

  await t.test("secrets", async (t) => {
    const xml = "<secret><usage type='ceph'><name>s</name></usage></secret>";
    const { secret } = await call(connectCalls.secretDefineXml, { xml, ...none });
    t.match(secret, { usageType: 2, usageId: "s" });
    await call(connectCalls.secretSetValue, { secret, value: Buffer.from("value"), ...none });
    t.strictSame((await call(connectCalls.listAllSecrets, list)).secrets, [secret]);
    t.match(await virsh("secret-get-value", secret.uuid), "dmFsdWU=");
    await call(connectCalls.secretUndefine, { secret });
  });
});
