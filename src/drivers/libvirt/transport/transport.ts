import type { Duplex } from "node:stream";

/** One open byte channel to a daemon, with what the protocol above must know of it. */
export interface Transport {
  readonly stream: Duplex;
  /** Whether several frames may go out in one write. Over TLS they must not: the daemon would stall. */
  readonly coalesce: boolean;
  /** Whether to ask the daemon to ping us, so that it notices when we are gone without a word. */
  readonly negotiateKeepalive: boolean;
  /** Where it leads, for messages: `unix:/run/libvirt/libvirt-sock`. */
  readonly label: string;
  /** Why what carries the channel is gone, once it is: then its end is not the daemon's doing. */
  readonly lost?: () => Error | undefined;
}

/** A way to one host over which any number of channels can be opened. */
export interface Link extends AsyncDisposable {
  readonly label: string;
  /**
   * Opens one more channel. Throws an `UnreachableError` that says why and, for people, which step on which
   * path failed.
   */
  open(signal?: AbortSignal): Promise<Transport>;
  /** Ends what the channels share. Channels of an SSH link end with it. */
  close(): Promise<void>;
}
