import { formatAge } from "../runtime/age.ts";
import { parseTime } from "../runtime/clock.ts";
import { base64Bytes } from "../schema/data-keys.ts";
import { type Event, EventKind } from "../schema/event.ts";
import { type Host, HostKind } from "../schema/host.ts";
import type { Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";
import { type Secret, SecretKind } from "../schema/secret.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { describeRoom } from "./describe-host.ts";
import { formatColumns, indent, printable, toYaml } from "./output.ts";
import type { Session } from "./session.ts";
import { statusOf } from "./status-of.ts";
import { keyIn, parseObject } from "./target.ts";

/** Tells all about one object: what it is, what is wanted, what is so, and what happened to it. */
export async function describe(session: Session, words: readonly string[]): Promise<void> {
  const { kind, name } = parseObject(words);
  const { client, clock, stdout } = session;
  const resource = await client.get(kind, keyIn(kind, session.namespace, name));
  const { namespace, uid = "" } = resource.metadata;
  const events = await client.list(EventKind, {
    namespace,
    fieldSelector: `involvedObject.uid=${uid}`,
  });
  stdout.write(describeObject(resource, events.items, clock.now()));
  if (isHost(resource)) {
    const onIt = { fieldSelector: `status.hostName=${name}` };
    stdout.write(describeRoom(resource, (await client.list(VirtualMachineKind, onIt)).items));
  }
}

function isHost(resource: Resource): resource is Host {
  return resource.kind === HostKind.kind;
}

/** The text of `describe`; `now` is milliseconds since the epoch. */
export function describeObject(resource: Resource, events: readonly Event[], now: number): string {
  const { status, spec, ...rest } = partsOf(resource);
  const { conditions } = statusOf(resource);
  const { conditions: _shownBelow, ...state } = isRecord(status) ? status : {};
  return [
    describeMetadata(resource),
    section("Spec", spec),
    ...Object.entries(rest).map(([name, value]) => section(name, value)),
    section("Status", state),
    table(
      "Conditions",
      ["TYPE", "STATUS", "AGE", "REASON", "MESSAGE"],
      conditions.map(({ type, status: value, lastTransitionTime, reason, message }) => [
        type,
        value,
        ageOf(lastTransitionTime, now),
        reason,
        message,
      ]),
    ),
    table(
      "Events",
      ["AGE", "TYPE", "REASON", "MESSAGE"],
      events.map((event) => eventRow(event, now)),
    ),
  ].join("");
}

function partsOf(resource: Resource & { readonly spec?: unknown; readonly status?: unknown }) {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...parts } = resource;
  return isSecret(resource) ? { ...parts, data: sizesOf(resource.data) } : parts;
}

function isSecret(resource: Resource): resource is Secret {
  return resource.kind === SecretKind.kind;
}

/** Enough to see whether something is there. */
function sizesOf(data: Secret["data"] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, `${base64Bytes(value)} bytes`]));
}

/** What kubectl keeps in an annotation: all of the object once more, secrets too. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function describeMetadata({ apiVersion, kind, metadata }: Resource): string {
  const { name, namespace, uid, generation, creationTimestamp, deletionTimestamp } = metadata;
  const { [lastApplied]: _, ...annotations } = metadata.annotations ?? {};
  const lines: readonly (readonly [string, unknown])[] = [
    ["Name:", name],
    ["Namespace:", namespace],
    ["Kind:", `${kind} (${apiVersion})`],
    ["UID:", uid],
    ["Created:", creationTimestamp],
    ["Deletion:", deletionTimestamp && `requested at ${deletionTimestamp}`],
    ["Waits for:", deletionTimestamp && metadata.finalizers?.join(", ")],
    ["Generation:", generation],
  ];
  const shown = lines.filter(([, value]) => value !== undefined && value !== "");
  return [
    formatColumns(shown.map(([label, value]) => [label, printable(String(value))])),
    section("Labels", metadata.labels),
    section("Annotations", annotations),
  ].join("");
}

function section(title: string, value: unknown): string {
  if (value === undefined || (isRecord(value) && Object.keys(value).length === 0)) return "";
  return `${title}:\n${indent(toYaml(value))}`;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `${title}: none\n`;
  return `${title}:\n${indent(formatColumns([head, ...rows.map((row) => row.map(printable))]))}`;
}

function eventRow(event: Event, now: number): readonly string[] {
  const { type = "Normal", reason = "", message = "", count = 1 } = event;
  const seen = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "";
  const times = count > 1 ? ` (${count} times)` : "";
  return [ageOf(seen, now), type, reason, `${message}${times}`];
}

function ageOf(time: string, now: number): string {
  const at = parseTime(time);
  return Number.isNaN(at) ? "?" : formatAge(now - at);
}
