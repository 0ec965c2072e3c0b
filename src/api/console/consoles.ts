import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** A machine's serial console, held until it is disposed of. */
export interface OpenedConsole extends AsyncDisposable {
  /** What the guest prints from now on, to be read once; ends with the guest, throws when it is lost. */
  read(): AsyncIterable<Uint8Array>;
  /** Types; resolves when more may be typed. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Opens the consoles of machines on their hosts. */
export interface Consoles {
  /**
   * Throws `OperationInvalid` when the machine does not run, `HostUnreachable` when its host is out of reach,
   * `Conflict` when somebody on the host has the console and `force` is not set.
   */
  open(vm: VirtualMachine, options: { readonly force: boolean }, signal: AbortSignal): Promise<OpenedConsole>;
}
