import { StatusError, type StatusReason } from "../runtime/errors.ts";

/** Why a host cannot be worked with; the reason of its conditions. Found where the failure is seen. */
export type UnreachableReason =
  /** We are not let in: no key of ours, no certificate, or libvirt wants a password. */
  | "AuthenticationFailed"
  /** Nobody has said yet that the SSH key which the host shows is its own. */
  | "HostKeyUnknown"
  /** The host shows another SSH key than the one that is known. */
  | "HostKeyChanged"
  /** The SSH key that the host shows was declared invalid. */
  | "HostKeyRevoked"
  /** The TLS certificate that the host shows is not from the authority, or for another name. */
  | "CertificateNotTrusted"
  /** The SSH server does not open the daemon's socket for us, and there is no helper to do it instead. */
  | "ForwardingRefused"
  /** The daemon's socket is there, but not for us. */
  | "SocketPermissionDenied"
  /** Nobody listens on the daemon's socket. */
  | "DaemonNotRunning"
  /** The daemon's socket takes us, and then nothing is answered. */
  | "DaemonHung"
  | "NameNotResolved"
  /** The host is up and nobody listens on the port. */
  | "ConnectionRefused"
  | "NetworkUnreachable"
  /** Nothing came back in time. */
  | "Timeout"
  /** Who listens there does not speak SSH, TLS or libvirt's protocol as we do. */
  | "HandshakeFailed"
  /** The connection was there and ended. */
  | "ConnectionLost"
  /** The URI, or a file that it names, cannot be used. */
  | "InvalidSettings"
  /** None of the others. */
  | "Unreachable";

const statusReasons: Partial<Readonly<Record<UnreachableReason, StatusReason>>> = {
  AuthenticationFailed: "Unauthorized",
  SocketPermissionDenied: "Unauthorized",
  HostKeyUnknown: "Forbidden",
  HostKeyChanged: "Forbidden",
  HostKeyRevoked: "Forbidden",
  CertificateNotTrusted: "Forbidden",
  InvalidSettings: "Invalid",
};

/** A host cannot be reached, and it is known why. */
export class UnreachableError extends StatusError {
  readonly why: UnreachableReason;

  /** `reason` is what the error is to those who do not ask why; most often it follows from `why`. */
  constructor(
    why: UnreachableReason,
    message: string,
    options: { readonly cause?: unknown; readonly reason?: StatusReason } = {},
  ) {
    super(options.reason ?? statusReasons[why] ?? "HostUnreachable", message, { cause: options.cause });
    this.why = why;
  }
}

/** Errors are wrapped a few times at most; a ring of causes ends here, too. */
const maxDepth = 16;

/** Why a host cannot be reached, as the outermost error knows that knows; undefined when none does. */
export function unreachableReason(error: unknown): UnreachableReason | undefined {
  let at = error;
  for (let depth = 0; depth < maxDepth && at instanceof Error; depth++) {
    if (at instanceof UnreachableError) return at.why;
    at = at.cause;
  }
  return undefined;
}
