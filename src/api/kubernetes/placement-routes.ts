import type { FastifyInstance, FastifyRequest } from "fastify";
import { StatusError } from "../../runtime/errors.ts";
import type { PlacementDesk } from "../../scheduler/placement-desk.ts";
import { admit } from "../../schema/admission.ts";
import { groupResource } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import { parsePlanRequest } from "../../schema/plan-request.ts";
import { kindFor } from "../../schema/scheme.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import { parseJson } from "./json.ts";

export interface PlacementRoutesOptions {
  readonly store: Pick<Store, "get">;
  readonly placement: PlacementDesk;
}

interface MachinePath {
  readonly namespace: string;
  readonly name: string;
}

const base = "/apis/ostler.dev/v1";
const planBodyBytes = 8 * 1024 * 1024;

/** Where a machine is and why, and where things would be. Neither writes anything. */
export function placementRoutes(app: FastifyInstance, { store, placement }: PlacementRoutesOptions): void {
  app.get<{ Params: MachinePath }>(
    `${base}/namespaces/:namespace/virtualmachines/:name/explain`,
    async ({ params: { namespace, name } }) => {
      const vm = await store.get(VirtualMachineKind, { namespace, name });
      if (vm !== undefined) return placement.explain(vm);
      throw new StatusError("NotFound", `${groupResource(VirtualMachineKind)} "${name}" not found`);
    },
  );
  app.post(`${base}/plan`, { bodyLimit: planBodyBytes }, async (request: FastifyRequest) => {
    const { manifests = [], loseHosts = [], drainHosts = [], policy } = parsePlanRequest(bodyOf(request));
    return placement.plan({ manifests: manifests.map(admitManifest), loseHosts, drainHosts, policy });
  });
}

function bodyOf({ body }: FastifyRequest): unknown {
  return parseJson(typeof body === "string" ? body : "");
}

/** Throws `Invalid` that says which of the manifests it is about. */
function admitManifest(manifest: unknown, index: number): Resource {
  const place = `manifests[${index}]`;
  if (!isRecord(manifest) || typeof manifest.apiVersion !== "string" || typeof manifest.kind !== "string") {
    throw new StatusError("Invalid", `${place}: needs apiVersion and kind`);
  }
  try {
    return admit(kindFor(manifest.apiVersion, manifest.kind), manifest);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new StatusError(error.reason, `${place}: ${error.message}`, { causes: error.causes });
  }
}
