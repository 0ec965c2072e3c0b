import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { canonicalMicroTime, MicroTimeSchema } from "./micro-time.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const text = Type.Optional(Type.String({ maxLength: 317 }));

const ReferenceSchema = Type.Object(
  {
    apiVersion: text,
    kind: text,
    namespace: text,
    name: text,
    uid: text,
    resourceVersion: text,
    fieldPath: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { ...closed, description: "An object, as far as it is known." },
);

const TimeSchema = Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()]));
const OptionalMicroTimeSchema = Type.Optional(Type.Union([MicroTimeSchema, Type.Null()]));

export const EventSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Event"),
    metadata: ObjectMetaSchema,
    involvedObject: ReferenceSchema,
    related: Type.Optional(ReferenceSchema),
    type: Type.Optional(Type.Enum(["Normal", "Warning"])),
    reason: text,
    message: Type.Optional(Type.String({ maxLength: 8192 })),
    source: Type.Optional(Type.Object({ component: text, host: text }, closed)),
    firstTimestamp: TimeSchema,
    lastTimestamp: TimeSchema,
    count: Type.Optional(Type.Integer({ minimum: 0 })),
    eventTime: OptionalMicroTimeSchema,
    series: Type.Optional(
      Type.Object(
        {
          count: Type.Optional(Type.Integer({ minimum: 0 })),
          lastObservedTime: OptionalMicroTimeSchema,
        },
        { ...closed, description: "How often it was seen, if more than once." },
      ),
    ),
    action: text,
    reportingComponent: text,
    reportingInstance: text,
  },
  { ...closed, description: "Something worth telling a person about an object." },
);

export interface Event extends Readonly<Static<typeof EventSchema>> {}

export const EventKind: Kind<Event> = {
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  schema: EventSchema,
  hasStatus: false,
  finalizers: [],
  columns: [
    {
      name: "Last Seen",
      path: "lastTimestamp",
      type: "date",
      show: (_time, { lastTimestamp, eventTime, firstTimestamp }) =>
        lastTimestamp ?? eventTime ?? firstTimestamp ?? undefined,
    },
    { name: "Type", path: "type", type: "string" },
    { name: "Reason", path: "reason", type: "string" },
    {
      name: "Object",
      path: "involvedObject.name",
      type: "string",
      show: (name, { involvedObject: { kind = "" } }) => `${kind.toLowerCase()}/${name ?? ""}`,
    },
    { name: "Subobject", path: "involvedObject.fieldPath", type: "string", wide: true },
    {
      name: "Source",
      path: "source.component",
      type: "string",
      wide: true,
      show: (component, { source, reportingComponent }) =>
        [component ?? reportingComponent, source?.host].filter(Boolean).join(", "),
    },
    { name: "Message", path: "message", type: "string" },
    {
      name: "First Seen",
      path: "firstTimestamp",
      type: "date",
      wide: true,
      show: (_time, { firstTimestamp, eventTime }) => firstTimestamp ?? eventTime ?? undefined,
    },
    { name: "Count", path: "count", type: "integer", wide: true },
    { name: "Name", path: "metadata.name", type: "string", wide: true },
  ],
  columnsAlone: true,
  selectableFields: [
    ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
      (field) => `involvedObject.${field}`,
    ),
    "reason",
    "reportingComponent",
    "type",
    { label: "source", path: "source.component" },
  ],
  canonicalize,
};

function canonicalize(event: Event): Event {
  const { eventTime, series } = event;
  const lastObservedTime = series?.lastObservedTime;
  return {
    ...event,
    ...(typeof eventTime === "string" && { eventTime: canonicalMicroTime(eventTime) }),
    ...(typeof lastObservedTime === "string" && {
      series: { ...series, lastObservedTime: canonicalMicroTime(lastObservedTime) },
    }),
  };
}
