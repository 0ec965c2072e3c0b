import { messageOf } from "../runtime/errors.ts";
import type { LoadStep } from "../seed-files/load-plan.ts";
import { enrollHost } from "./host.ts";
import type { Session } from "./session.ts";
import { labelOf } from "./target.ts";

/**
 * Makes the SSH keys of hosts known that were never seen before, and shows them: whoever loads a list of
 * hosts means these. A key that has changed is not believed. What fails is told, and holds up nobody else.
 */
export async function enrollHosts(session: Session, steps: readonly LoadStep[]): Promise<void> {
  await Promise.all(steps.filter(isEnrolled).map((step) => enroll(session, step)));
}

async function enroll(session: Session, { kind, resource }: LoadStep): Promise<void> {
  const { name } = resource.metadata;
  let shown = "";
  const stdout = {
    write(text: string): void {
      shown += text;
    },
  };
  try {
    await enrollHost({ ...session, stdout, readLine: async () => "" }, name, { yes: true });
    // One line only: it was known before.
    if (shown.trim().includes("\n")) session.stdout.write(shown);
  } catch (error) {
    session.stderr.write(`${shown}${labelOf(kind, name)}: ${messageOf(error)}\n`);
  }
}

/** Whether its key is one that we keep: reached by SSH, and not by a file of known hosts of its own. */
function isEnrolled({
  resource,
}: {
  readonly resource: LoadStep["resource"] & { readonly spec?: unknown };
}): boolean {
  const { uri } = Object(resource.spec);
  const url = typeof uri === "string" && URL.canParse(uri) ? new URL(uri) : undefined;
  return url !== undefined && /\+ssh:$/.test(url.protocol) && !url.searchParams.has("known_hosts");
}
