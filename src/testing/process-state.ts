/** Globals that are not looked at: to see one of them loads them all, a tenth of a second in each process. */
const lazy = new Set([
  "CloseEvent",
  "EventSource",
  "FormData",
  "Headers",
  "MessageEvent",
  "Request",
  "Response",
  "WebSocket",
]);

/** What a test file can change of its process: by name. */
export type ProcessState = ReadonlyMap<string, unknown>;

export function takeProcessState(): ProcessState {
  const globals = Object.getOwnPropertyNames(globalThis)
    .filter((name) => !lazy.has(name))
    .map((name) => ({ name, ...Object.getOwnPropertyDescriptor(globalThis, name) }))
    .filter(({ get }) => get === undefined)
    .map(({ name, value }): [string, unknown] => [`globalThis.${name}`, value]);
  return new Map<string, unknown>([
    ...globals,
    ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value] as const),
    ...process
      .eventNames()
      .map((name) => [`listeners of ${String(name)}`, process.listenerCount(name)] as const),
    ["the working directory", process.cwd()],
    ["process.exitCode", process.exitCode],
    ["Date.now", Date.now],
    ["Math.random", Math.random],
  ]);
}

/** The names of what is not as it was. New globals are not told: packages bring some when they are loaded. */
export function changedSince(before: ProcessState): string[] {
  const after = takeProcessState();
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter(
    (name) =>
      !Object.is(before.get(name), after.get(name)) && (before.has(name) || !name.startsWith("globalThis.")),
  );
}
