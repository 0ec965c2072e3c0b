import type { CommandResult } from "./libvirt-host.ts";

interface CanRun {
  exec(argv: readonly string[]): Promise<CommandResult>;
}

/** Types a sum into the tiny guest's shell and returns what comes back, once the answer is in it. */
export async function askConsole(host: CanRun, domainName: string): Promise<string | undefined> {
  const script = `tty=$(virsh ttyconsole ${domainName}) && stty -F "$tty" raw -echo &&
    { printf '\\necho answer-$((40+2))\\n' >&3; timeout 2 cat <&3; } 3<>"$tty"`;
  const { stdout } = await host.exec(["bash", "-c", script]);
  return stdout.includes("answer-42") ? stdout : undefined;
}
