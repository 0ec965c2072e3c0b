import type { Host } from "../../schema/host.ts";
import { keyOf, type ObjectKey } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Catalog, volumeReference } from "../catalog.ts";
import { Controller, type ControllerOptions } from "../controller.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { Change } from "../informer.ts";
import { OwnStatuses } from "../own-statuses.ts";
import { type VolumeContext, VolumeReconciler } from "./reconciler.ts";
import { type Ledger, VolumeRoom } from "./room.ts";

export interface VolumeControllerOptions
  extends Pick<VolumeContext, "store" | "clock" | "mayAct" | "noteLetGo">,
    Required<Pick<ControllerOptions, "logger" | "metrics" | "rateLimiter">> {
  readonly catalog: Catalog;
  readonly sessions: HostSessions;
  readonly ledger: Ledger;
}

/** Volumes on hosts that hang wait there, those of others do not wait for them. */
const workers = 1024;
/** A large volume may be on its way for long. */
const deadlineMs = 24 * 3_600_000;
const retryPendingMs = 200;

/** The controller of volumes, and what calls for a look at which. */
export function buildVolumeController(options: VolumeControllerOptions): Controller {
  const { store, clock, mayAct, noteLetGo, logger, metrics, rateLimiter, catalog, sessions, ledger } =
    options;
  const { hosts, machinesByReference } = catalog;
  const room = new VolumeRoom({
    hosts: () => hosts.cache.list(),
    isConnected: (name) => sessions.get(name)?.answers === true,
    ledger,
  });
  const own = new OwnStatuses();
  const reconciler = new VolumeReconciler({
    store,
    own,
    sessions,
    clock,
    mayAct,
    noteLetGo,
    room,
    hostNamed: (name) => hosts.cache.get({ name }),
    machinesNaming: (key) => machinesByReference.get(volumeReference(key)),
  });
  const limits = { workers, deadlineMs, rateLimiter };
  const controller = new Controller({ name: "volume", reconciler, clock, logger, metrics, ...limits });
  followRoom(catalog, room);
  watch(controller, catalog, own);
  return controller;
}

/** All volumes that a change on the host concerns. */
export function volumesOn({ volumesByHost }: Catalog, hostName: string): readonly ObjectKey[] {
  return volumesByHost.get(hostName).map(keyOf);
}

/** What volumes were promised before this controller began; its own promises it knows before the store. */
function followRoom({ volumes }: Catalog, room: VolumeRoom): void {
  volumes.subscribe(({ type, object }) => {
    if (type === "deleted") room.leave(object);
    else room.enter(object);
  });
}

function watch(controller: Controller, catalog: Catalog, own: OwnStatuses): void {
  const { volumes, machines, hosts, volumesByHolder } = catalog;
  const pending = () => {
    for (const key of volumesOn(catalog, "")) controller.enqueue(key, retryPendingMs);
  };
  controller
    .watches(volumes, (change) => {
      if (change.type === "deleted") pending();
      return own.has(change) ? [] : [keyOf(change.object)];
    })
    .watches(machines, ({ object, previous }) => [
      ...namedBy(object),
      ...(previous === undefined ? [] : namedBy(previous)),
      ...volumesByHolder.get(object.metadata.uid ?? "").map(keyOf),
    ])
    .watches(hosts, ({ type, object }: Change<Host>) => {
      if (type !== "deleted") pending();
      return volumesOn(catalog, object.metadata.name);
    });
}

function namedBy({ metadata: { namespace }, spec }: VirtualMachine): readonly ObjectKey[] {
  const names = spec.disks.map(({ volume }) => volume).filter((name) => name !== undefined);
  return names.map((name) => (namespace === undefined ? { name } : { name, namespace }));
}
