import type { UnreachableReason } from "../../unreachable.ts";

/** What a program on the host does for us where the SSH server does not open the socket itself. */
export interface HelperRequest {
  /** Given to virt-ssh-helper, which knows where the sockets are. */
  readonly driverUri: string;
  /** Where the daemon's socket may be. */
  readonly socketPaths: readonly string[];
  /** The helper knows the host's own sockets only. */
  readonly mayUseHelper: boolean;
}

/** With these the script says why it ends; no shell and no helper ends with them of its own accord. */
const exitCodes = { noSocket: 101, denied: 102, noProgram: 103, notAccepted: 104 } as const;

/**
 * The command to run on the host: virt-ssh-helper where there is one, else nc. When that has failed, the exit
 * code says what is wrong with the socket. Understood by every login shell.
 */
export function helperCommand({ driverUri, socketPaths, mayUseHelper }: HelperRequest): string {
  const helper =
    'if command -v virt-ssh-helper >/dev/null 2>&1; then virt-ssh-helper "$0" && exit 0; tried=1; fi';
  const script = [
    "tried=; there=; open=",
    ...(mayUseHelper ? [helper] : []),
    'for s; do if [ -S "$s" ]; then there=1; [ -z "$open" ] && [ -w "$s" ] && open=$s; fi; done',
    `[ -n "$there" ] || exit ${exitCodes.noSocket}`,
    `[ -n "$open" ] || exit ${exitCodes.denied}`,
    `[ -z "$tried" ] || exit ${exitCodes.notAccepted}`,
    `command -v nc >/dev/null 2>&1 || exit ${exitCodes.noProgram}`,
    `nc -U "$open" || exit ${exitCodes.notAccepted}`,
  ].join("; ");
  return `sh -c ${quote(script)} ${[driverUri, ...socketPaths].map(quote).join(" ")}`;
}

/**
 * What the end of that command tells. OpenSSH says no more than "open failed" whether it may not open the
 * socket or nobody accepts there: where the command did not run, that is all that is known.
 */
export function helperFailure(exitCode: number | undefined): UnreachableReason {
  switch (exitCode) {
    case exitCodes.noSocket:
    case exitCodes.notAccepted:
      return "DaemonNotRunning";
    case exitCodes.denied:
      return "SocketPermissionDenied";
    default:
      return "ForwardingRefused";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
