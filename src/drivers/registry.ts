import { StatusError } from "../runtime/errors.ts";
import type { ConnectOptions, Driver, HostConnection } from "./driver.ts";

/** Chooses the driver by the scheme of the URI, up to `+` or `:` (`qemu+ssh://...` is `qemu`). */
export class DriverRegistry implements Driver {
  readonly #drivers: ReadonlyMap<string, Driver>;

  constructor(drivers: Readonly<Record<string, Driver>>) {
    this.#drivers = new Map(Object.entries(drivers));
  }

  async connect(options: ConnectOptions): Promise<HostConnection> {
    const scheme = /^[a-z]+/.exec(options.uri)?.[0] ?? "";
    const driver = this.#drivers.get(scheme);
    if (driver === undefined) {
      const known = [...this.#drivers.keys()].join(", ");
      throw new StatusError("HostUnreachable", `no driver for "${options.uri}"; known schemes: ${known}`);
    }
    return driver.connect(options);
  }
}
