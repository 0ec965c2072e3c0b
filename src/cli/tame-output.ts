const esc = 0x1b;
const bell = 0x07;
const backslash = 0x5c;
/** What follows ESC and begins a string that a terminal acts on: DCS, SOS, OSC, PM, APC. */
const stringStarts: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);
/** The same as one character, as UTF-8 writes it after 0xc2. */
const utf8Lead = 0xc2;
const utf8Starts: ReadonlySet<number> = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);
const utf8Terminator = 0x9c;

type State = "plain" | "escape" | "lead" | "string" | "stringEscape" | "stringLead";

/**
 * Takes out of what a guest prints the strings by which a terminal's title, clipboard, files and the like are
 * reached: a guest is not trusted with the machine of who looks at it. Colours and the cursor it may have.
 * Remembers from piece to piece where it is.
 */
export class OutputTamer {
  #state: State = "plain";

  tame(bytes: Uint8Array): Uint8Array {
    const kept: number[] = [];
    for (const byte of bytes) this.#take(byte, kept);
    return Uint8Array.from(kept);
  }

  #take(byte: number, kept: number[]): void {
    switch (this.#state) {
      case "plain":
        if (byte === esc) this.#state = "escape";
        else if (byte === utf8Lead) this.#state = "lead";
        else kept.push(byte);
        return;
      case "escape":
      case "lead":
        this.#second(byte, kept);
        return;
      case "string":
        if (byte === bell) this.#state = "plain";
        else if (byte === esc) this.#state = "stringEscape";
        else if (byte === utf8Lead) this.#state = "stringLead";
        return;
      case "stringEscape":
        this.#state = byte === backslash ? "plain" : "string";
        return;
      case "stringLead":
        this.#state = byte === utf8Terminator ? "plain" : "string";
        return;
    }
  }

  /** The byte that tells what the one before begins. */
  #second(byte: number, kept: number[]): void {
    const [first, starts] = this.#state === "lead" ? [utf8Lead, utf8Starts] : [esc, stringStarts];
    this.#state = "plain";
    if (starts.has(byte)) {
      this.#state = "string";
      return;
    }
    kept.push(first);
    this.#take(byte, kept);
  }
}
