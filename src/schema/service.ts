import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

export const ServiceSchema = Type.Object(
  { apiVersion: Type.Literal("v1"), kind: Type.Literal("Service"), metadata: ObjectMetaSchema },
  { additionalProperties: false, description: "There are none: clients ask for those of the cluster." },
);

export interface Service extends Readonly<Static<typeof ServiceSchema>> {}

export const ServiceKind: Kind<Service> = {
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  singular: "service",
  shortNames: ["svc"],
  namespaced: true,
  readOnly: true,
  schema: ServiceSchema,
  hasStatus: false,
  finalizers: [],
  columns: [],
};
