import { StatusError } from "../runtime/errors.ts";
import type { Scale } from "../schema/scale.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf, parseTargets } from "./target.ts";

export interface ScaleFlags {
  readonly replicas: number;
  /** Only if this is what it asks for now. */
  readonly currentReplicas?: number | undefined;
}

/** Asks for so many: `vmpool web` or `vmpool/web vmpool/db`. */
export async function scale(
  { client, namespace, stdout }: Session,
  words: readonly string[],
  { replicas, currentReplicas }: ScaleFlags,
): Promise<void> {
  const targets = parseTargets(words);
  if (targets.some(({ kind, names }) => kind.scale === undefined || names.length === 0)) {
    throw new UsageError("give vmpool NAME or vmpool/NAME: what can be scaled is a VirtualMachinePool");
  }
  for (const { kind, names } of targets) {
    for (const name of names) {
      const part = { kind, key: keyIn(kind, namespace, name), part: "scale" };
      const { spec, metadata, ...head } = await client.part<Scale>("GET", part);
      if (currentReplicas !== undefined && spec.replicas !== currentReplicas) {
        const found = `${labelOf(kind, name)} asks for ${spec.replicas}`;
        throw new StatusError(
          "Conflict",
          `${found}, not for the expected ${currentReplicas}: nothing is changed`,
        );
      }
      const condition = currentReplicas === undefined ? {} : { resourceVersion: metadata.resourceVersion };
      const wanted = { ...head, metadata: { name, ...condition }, spec: { replicas } };
      await client.part("PUT", part, wanted);
      stdout.write(`${labelOf(kind, name)} scaled\n`);
    }
  }
}
