import type { Driver } from "../drivers/driver.ts";
import type { Store } from "../store/store.ts";
import { type Around, interceptDriver, mutatingVerbs } from "./intercept-driver.ts";

const writes: ReadonlySet<string | symbol> = new Set(["create", "update", "updateStatus", "delete"]);

/**
 * Counts the moments at which a controller can die between two effects, before and after each verb that
 * changes a host and each write to the store, and lets it die at one of them: from then on nothing that it
 * does has any effect, and no answer reaches it.
 */
export class CrashPoint {
  readonly #at: number;
  #steps = 0;
  #what = "nothing";

  /** `at`: the number of the moment; without it nothing dies. */
  constructor(at = Number.POSITIVE_INFINITY) {
    this.#at = at;
  }

  get steps(): number {
    return this.#steps;
  }

  get isDead(): boolean {
    return this.#steps >= this.#at;
  }

  /** The moment of death, for messages. */
  get what(): string {
    return this.#what;
  }

  wrapDriver(driver: Driver): Driver {
    return interceptDriver(driver, this.#around);
  }

  wrapStore(store: Store): Store {
    return new Proxy(store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        if (!writes.has(property)) return value.bind(target);
        const verb = String(property);
        return (...args: readonly unknown[]) => this.#step(verb, () => Reflect.apply(value, target, args));
      },
    });
  }

  readonly #around: Around = (call, perform) => {
    if (mutatingVerbs.has(call.verb)) return this.#step(call.verb, perform);
    return this.isDead ? this.#never() : perform();
  };

  async #step<T>(verb: string, perform: () => Promise<T>): Promise<T> {
    this.#count(`before ${verb}`);
    if (this.isDead) return this.#never();
    const result = await perform();
    this.#count(`after ${verb}`);
    return this.isDead ? this.#never() : result;
  }

  #count(what: string): void {
    if (this.isDead) return;
    this.#steps += 1;
    if (this.isDead) this.#what = what;
  }

  async #never(): Promise<never> {
    throw new Error(`the controller died ${this.#what}`);
  }
}
