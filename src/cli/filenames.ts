import { Option } from "commander";

/** `-f`, of the commands that read manifests. */
export function filenames(): Option {
  return new Option(
    "-f, --filename <path>",
    "a file, a folder, or - for standard input; repeatable",
  ).argParser((value: string, before: string[] = []) => [...before, value]);
}
