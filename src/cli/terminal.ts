/** Where somebody sits, or a script: bytes as they are typed, and where what is printed goes. */
export interface Terminal {
  /** Whether a person types. */
  readonly typesByHand: boolean;
  /** Whether a person reads. */
  readonly readsByEye: boolean;
  /** What is typed, to its end; while it is read from a person each key comes at once and is not shown. */
  keys(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Resolves when more may be written. */
  write(bytes: Uint8Array): Promise<void>;
}
