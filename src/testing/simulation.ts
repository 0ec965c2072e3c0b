import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** What a simulation found. */
export interface Report {
  readonly faults: readonly string[];
  readonly comment?: string;
}

/**
 * Plays the simulation of a module once for each name, all in a thread of their own: a test runner watches
 * every promise of the threads that its tests run in, which takes several times as long as the play itself.
 */
export async function simulate(module: URL, names: readonly string[]): Promise<readonly Report[]> {
  const worker = new Worker(module, { workerData: names });
  const reports: Report[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.on("message", (report: Report) => reports.push(report));
  worker.on("error", reject);
  worker.on("exit", () => resolve());
  await promise;
  if (reports.length !== names.length)
    throw new Error(`${reports.length} of ${names.length} plays have ended`);
  return reports;
}

/** In the thread of `simulate`: plays each name and reports. */
export async function inThread(play: (name: string) => Promise<Report>): Promise<void> {
  const names: unknown = workerData;
  if (isMainThread || !Array.isArray(names)) return;
  for (const name of names) parentPort?.postMessage(await play(String(name)));
}
