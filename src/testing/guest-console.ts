import type { CommandResult } from "./libvirt-host.ts";

interface CanRun {
  exec(argv: readonly string[], options?: { readonly input?: string }): Promise<CommandResult>;
}

/** Types a sum into the tiny guest's shell and returns what comes back, once the answer is in it. */
export async function askConsole(host: CanRun, domainName: string): Promise<string | undefined> {
  const script = `tty=$(virsh ttyconsole ${domainName}) && stty -F "$tty" raw -echo &&
    { printf '\\necho answer-$((40+2))\\n' >&3; timeout 2 cat <&3; } 3<>"$tty"`;
  const { stdout } = await host.exec(["bash", "-c", script]);
  return stdout.includes("answer-42") ? stdout : undefined;
}

/**
 * Has the shell on a guest's serial console run a command, and returns what the console shows afterwards, the
 * command itself left out; undefined when it did not get to its end within two seconds.
 */
export async function runInGuest(
  host: CanRun,
  domainName: string,
  command: string,
): Promise<string | undefined> {
  const script = `tty=$(virsh ttyconsole ${domainName}) && stty -F "$tty" raw -echo &&
    { cat >&3; timeout 2 cat <&3; } 3<>"$tty"`;
  const input = `\n${command}; echo over-$((40+2))\n`;
  const { stdout } = await host.exec(["bash", "-c", script], { input });
  const [, ...lines] = stdout.replaceAll("\r", "").split(/over-\$\(\(40\+2\)\)\n?/);
  const output = (lines.length === 0 ? stdout : lines.join("")).replaceAll("\r", "");
  return output.includes("over-42") ? output.slice(0, output.lastIndexOf("over-42")) : undefined;
}
