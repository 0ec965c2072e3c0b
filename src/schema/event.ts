import { type Static, Type } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

export const EventSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Event"),
    metadata: ObjectMetaSchema,
    involvedObject: Type.Object(
      {
        apiVersion: text(317),
        kind: text(63),
        namespace: text(253),
        name: text(253),
        uid: text(36),
        resourceVersion: text(20),
        fieldPath: text(1024),
      },
      closed,
    ),
    type: Type.Optional(Type.Enum(["Normal", "Warning"])),
    reason: text(128),
    message: text(8192),
    source: Type.Optional(Type.Object({ component: text(253), host: text(253) }, closed)),
    firstTimestamp: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
    lastTimestamp: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
    count: Type.Optional(Type.Integer({ minimum: 0 })),
    eventTime: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
    action: text(128),
    reportingComponent: text(253),
    reportingInstance: text(253),
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
    { name: "Last Seen", path: "lastTimestamp", type: "date" },
    { name: "Type", path: "type", type: "string" },
    { name: "Reason", path: "reason", type: "string" },
    { name: "Object", path: "involvedObject.name", type: "string" },
    { name: "Message", path: "message", type: "string" },
  ],
};
