import { pause } from "../runtime/abort.ts";
import { StatusError } from "../runtime/errors.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { Session } from "./session.ts";
import { OutputTamer } from "./tame-output.ts";
import { keyIn, labelOf, nameOf } from "./target.ts";

type ClientConsole = Awaited<ReturnType<Session["client"]["console"]>>;

export interface ConsoleFlags {
  /** Take it from whoever has it. */
  readonly force?: boolean;
  /** How long the guest must be silent after the end of input that no person types. */
  readonly lingerMs: number;
}

/** Ctrl-], as telnet and virsh have it. */
const leaveKey = 0x1d;

/** Puts who runs the command at a machine's serial console, until they leave it or the guest ends. */
export async function openConsole(session: Session, word: string, flags: ConsoleFlags): Promise<void> {
  const { client, stderr, terminal, namespace } = session;
  const name = nameOf(VirtualMachineKind, word);
  const label = labelOf(VirtualMachineKind, name);
  const key = keyIn(VirtualMachineKind, namespace, name);
  const console = await client.console(key, { force: flags.force === true });
  if (terminal.typesByHand) {
    stderr.write(`At the console of ${label}; press Enter for a prompt, Ctrl-] to leave.\n`);
  }
  const outcome = await attend(session, console, flags.lingerMs).finally(() => console.close());
  if (terminal.typesByHand)
    stderr.write(`\r\n${outcome === "left" ? "Left" : "The guest has ended:"} ${label}.\n`);
}

/** Resolves with what ended it. */
async function attend(session: Session, console: ClientConsole, lingerMs: number): Promise<"ended" | "left"> {
  const { clock } = session;
  const over = new AbortController();
  const signal = AbortSignal.any([session.signal, over.signal]);
  const heard = { atMs: clock.monotonic() };
  const left = new Promise<"left">((resolve) => {
    session.signal.addEventListener("abort", () => resolve("left"), { once: true });
  });
  const typing = type(session, console, signal).then(async (how): Promise<"left"> => {
    if (how === "left") return how;
    heard.atMs = Math.max(heard.atMs, clock.monotonic());
    for (let restMs = lingerMs; restMs > 0 && !signal.aborted; ) {
      await pause(clock, restMs, signal);
      restMs = heard.atMs + lingerMs - clock.monotonic();
    }
    return "left";
  });
  try {
    return await Promise.race([print(session, console, heard), typing, left]);
  } finally {
    over.abort();
    await typing.catch(() => undefined);
  }
}

async function print(
  { terminal, clock }: Session,
  console: ClientConsole,
  heard: { atMs: number },
): Promise<"ended"> {
  const tamer = new OutputTamer();
  for await (const bytes of console.read()) {
    heard.atMs = clock.monotonic();
    await terminal.write(terminal.readsByEye ? tamer.tame(bytes) : bytes);
  }
  return "ended";
}

/** Sends what is typed, to the end of it, or until a person leaves. */
async function type(
  { terminal }: Session,
  console: ClientConsole,
  signal: AbortSignal,
): Promise<"left" | "typed"> {
  for await (const bytes of terminal.keys(signal)) {
    const at = terminal.typesByHand ? bytes.indexOf(leaveKey) : -1;
    if (at >= 0) {
      if (at > 0) await console.write(bytes.subarray(0, at));
      return "left";
    }
    await console.write(bytes);
  }
  if (signal.aborted) throw new StatusError("Timeout", "it is over");
  return "typed";
}
