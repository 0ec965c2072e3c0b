/**
 * The serial console of a running domain, held by whoever opened it until they dispose of it. What the guest
 * prints is not kept: a reader that lags slows the guest down, a console without a reader forgets.
 */
export interface DomainConsole extends AsyncDisposable {
  /**
   * What the guest prints from now on; to be read once. Ends when the guest does, or when somebody else takes
   * the console by force; throws `OutcomeUnknown` when the link to the host is lost. Leaving it early gives
   * the console up.
   */
  read(): AsyncIterable<Uint8Array>;
  /** Types; resolves when more may be typed. Throws once the console is over. */
  write(bytes: Uint8Array): Promise<void>;
}

export interface ConsoleOptions {
  /** Take the console from whoever has it. */
  readonly force: boolean;
}
