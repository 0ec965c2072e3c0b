import type { FastifyServerOptions } from "fastify";
import { StatusError } from "../runtime/errors.ts";

/** Routes name no schemas: what is sent is judged by its kind. So compilers for them need not be loaded. */
export const noSchemas: NonNullable<FastifyServerOptions["schemaController"]> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

function refuse(): never {
  throw new StatusError("InternalError", "a route names a schema; use schema/validator.ts");
}
