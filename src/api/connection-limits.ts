import type { Server, Socket } from "node:net";

/** How many connections may be open at once. */
export interface ConnectionLimits {
  readonly all: number;
  /** From one address: whoever holds idle ones leaves room for others. */
  readonly each: number;
}

export const connectionLimits: ConnectionLimits = { all: 4096, each: 2048 };

/** Hangs up on connections that are too many, before anything is read from them. */
export function limitConnections(server: Server, { all, each } = connectionLimits): void {
  const open = new Map<string, number>();
  server.maxConnections = all;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (open.get(address) ?? 0) + 1;
    if (count > each) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 0) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
