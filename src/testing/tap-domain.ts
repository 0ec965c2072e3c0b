import { AsyncLocalStorage, AsyncResource, executionAsyncResource } from "node:async_hooks";

type OnError = (error: unknown, how: "uncaughtException" | "unhandledRejection") => void;

/**
 * Stands in for tap's `async-hook-domain` in test processes: tells each test which errors that nobody caught
 * began in it. The original follows every promise with a hook, which takes a seventh of all time that tests
 * take; Node itself carries an `AsyncLocalStorage` along for nothing.
 */
export class Domain {
  readonly onerror: OnError;

  /** Its own are the errors of whatever is run in the `AsyncResource` that is current now. */
  constructor(onerror: OnError) {
    this.onerror = onerror;
    const scope = executionAsyncResource();
    if (!(scope instanceof AsyncResource)) return;
    const run = scope.runInAsyncScope;
    // In one step, for it is seen in every stack.
    scope.runInAsyncScope = (work, self, ...args) =>
      Reflect.apply(run, scope, [domains.run, domains, this, Reflect.apply(bind, work, [self]), ...args]);
  }

  /** A test that has ended still hears of what it began. */
  destroy(): void {}
}

const { bind } = Function.prototype;
const domains = new AsyncLocalStorage<Domain>();

process.on("uncaughtException", (error) => tell(error, "uncaughtException"));
process.on("unhandledRejection", (error) => tell(error, "unhandledRejection"));

/** What began in no test ends the process. */
function tell(error: unknown, how: "uncaughtException" | "unhandledRejection"): void {
  const domain = domains.getStore();
  if (domain === undefined) throw error;
  domain.onerror(error, how);
}
