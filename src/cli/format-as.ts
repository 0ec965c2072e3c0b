import { UsageError } from "./exit-codes.ts";
import { toYaml } from "./output.ts";

/** A value as `-o` asks for it: for machines as json or yaml, else as `describe` tells it to people. */
export function formatAs<T>(value: T, form: string | undefined, describe: (value: T) => string): string {
  switch (form) {
    case undefined:
      return describe(value);
    case "json":
      return `${JSON.stringify(value, null, 2)}\n`;
    case "yaml":
      return toYaml(value);
    default:
      throw new UsageError(`cannot write "${form}"; give json or yaml`);
  }
}
