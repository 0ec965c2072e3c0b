import type { Terminal } from "../cli/terminal.ts";

/** Nobody types, and nobody reads. */
export const noTerminal: Terminal = {
  typesByHand: false,
  readsByEye: false,
  async *keys() {},
  write: async () => undefined,
};
