import { hasReason, messageOf, StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { findCondition } from "../../schema/conditions.ts";
import { keyOf } from "../../schema/meta.ts";
import { objectNameFor } from "../../schema/object-name.ts";
import { seedAnnotations } from "../../schema/seed.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { inTime } from "./deadline.ts";
import { birthOf } from "./machine-state.ts";
import { removeAll } from "./remove.ts";
import { until } from "./until.ts";
import { type CreateOrder, verifyCreate } from "./verify.ts";

/** How long a place in the line is kept for taking back what failed. */
const undoMs = 15_000;

/**
 * Makes machines and returns their numbers once all of them run. Requests are verified and placed one after
 * the other, in the order in which they came; the starts go on side by side. Whatever fails, nothing is
 * left behind.
 */
export async function createMachines(
  context: SeedContext,
  { parameters, signal }: SeedRequest,
): Promise<readonly number[]> {
  return inTime(context, signal, async (signal) => {
    const made: VirtualMachine[] = [];
    try {
      await context.line.run(signal, async () => {
        try {
          await placeMachines(context, await verifyCreate(context, parameters), made, signal);
        } catch (error) {
          await undo(context, made, error);
        }
      });
      await Promise.all(made.map((vm) => born(context, vm, signal)));
      return await numbersOf(context, made);
    } catch (error) {
      const explained = await explain(context, made, error);
      return await undo(context, made, explained);
    }
  });
}

/** Makes the objects in their order, each when the one before it has its place. */
async function placeMachines(
  context: SeedContext,
  order: CreateOrder,
  made: VirtualMachine[],
  signal: AbortSignal,
): Promise<void> {
  for (const name of order.names) {
    signal.throwIfAborted();
    const vm = await createObject(context, order, name);
    made.push(vm);
    const placed = await until(context.store, { kind: VirtualMachineKind, object: vm, signal }, birthOf);
    if (placed.type === "failed") throw new StatusError("Conflict", placed.message);
  }
}

async function createObject(
  { store, settings }: SeedContext,
  { type, image }: CreateOrder,
  name: string,
): Promise<VirtualMachine> {
  const { namespace, placementPolicy, network } = settings;
  const objectName = objectNameFor(name);
  const shown = objectName === name ? {} : { [seedAnnotations.name]: name };
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { namespace, name: objectName, annotations: { ...shown, [seedAnnotations.pending]: "true" } },
    spec: {
      ...domainNameFor(name),
      instanceType: type.metadata.name,
      disks: [{ name: "root", image: image.metadata.name }],
      networks: network === undefined ? [] : [{ name: "main", network }],
      placementPolicy,
      // "destroy" is what the flat API calls it, and who calls it waits for the answer.
      terminationGracePeriodSeconds: 0,
    },
  };
  try {
    return await store.create(VirtualMachineKind, admit(VirtualMachineKind, manifest));
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
    throw new StatusError("AlreadyExists", `there is a machine called "${name}"`, { cause: error });
  }
}

/** The domain has the name that was asked for, where hosts take it: who looks there finds it. */
function domainNameFor(name: string): { readonly domainName?: string } {
  const isGood = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name) && /[A-Za-z]/.test(name);
  return isGood ? { domainName: name } : {};
}

async function born({ store }: SeedContext, vm: VirtualMachine, signal: AbortSignal): Promise<void> {
  const birth = await until(store, { kind: VirtualMachineKind, object: vm, signal }, (found) => {
    const seen = birthOf(found);
    return seen?.type === "placed" ? undefined : seen;
  });
  if (birth.type === "failed") throw new StatusError("Conflict", birth.message);
}

async function numbersOf({ ids }: SeedContext, made: readonly VirtualMachine[]): Promise<readonly number[]> {
  const told = { [seedAnnotations.pending]: undefined };
  const numbers: number[] = [];
  for (const vm of made) numbers.push((await ids.give(VirtualMachineKind, vm, told)).id);
  return numbers;
}

/** What took too long knows best why. */
async function explain(
  { store }: SeedContext,
  made: readonly VirtualMachine[],
  error: unknown,
): Promise<unknown> {
  if (!hasReason(error, "Timeout")) return error;
  for (const vm of made) {
    const found = await store.get(VirtualMachineKind, keyOf(vm));
    const ready = findCondition(found?.status?.conditions, "Ready");
    if (ready === undefined || ready.status === "True" || ready.message === "") continue;
    return new StatusError("Timeout", `${error.message}: ${ready.message}`, { cause: error });
  }
  return error;
}

/** Takes everything back and throws why. */
async function undo(context: SeedContext, made: VirtualMachine[], error: unknown): Promise<never> {
  const taken = made.splice(0);
  const leftover = await removeAll(context, VirtualMachineKind, taken, undoMs).then(
    () => undefined,
    (failure: unknown) => messageOf(failure),
  );
  if (leftover === undefined) throw error;
  const message = `${messageOf(error)}; and it could not be taken back yet: ${leftover}`;
  throw new StatusError("InternalError", message, { cause: error });
}
