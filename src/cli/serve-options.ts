import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { messageOf, StatusError } from "../runtime/errors.ts";
import { isRecord } from "../schema/plain.ts";
import { parseServeConfig, type ServeConfig, ServeConfigSchema } from "../schema/serve-config.ts";
import { readYamlDocuments } from "../schema/yaml-documents.ts";
import { UsageError } from "./exit-codes.ts";

/** How a setting is written on the command line. */
interface Flag {
  readonly flags: string;
  /** Given several times, it adds up. */
  readonly repeatable?: true;
  readonly numeric?: true;
}

const serveFlags: Readonly<Record<keyof ServeConfig, Flag>> = {
  stateDir: { flags: "--state-dir <directory>" },
  manifests: { flags: "--manifests <directory>" },
  listen: { flags: "--listen <address:port>" },
  clientCa: { flags: "--client-ca <file>" },
  hosts: { flags: "--host <[name=]uri>", repeatable: true },
  fakeHosts: { flags: "--fake-hosts <number>", numeric: true },
  imageDirs: { flags: "--image-dir <directory>", repeatable: true },
  accelerator: { flags: "--accelerator <auto|kvm|qemu>" },
  placementPolicy: { flags: "--placement-policy <Spread|BinPacking|RoundRobin|LeastLoadedFifo>" },
  resyncSeconds: { flags: "--resync-seconds <seconds>", numeric: true },
  seedListen: { flags: "--seed-listen <address:port>" },
  seedNames: { flags: "--seed-name <name>", repeatable: true },
  seedErrorShape: { flags: "--seed-error-shape <zero|keyed>" },
  seedTimeoutSeconds: { flags: "--seed-timeout-seconds <seconds>", numeric: true },
  seedPlacementPolicy: { flags: "--seed-placement-policy <name>" },
  seedNetwork: { flags: "--seed-network <name>" },
  podFacade: { flags: "--pod-facade <on|off>" },
  logLevel: { flags: "--log-level <level>" },
};

/** Declares the flags of `serve`; what they mean comes from the schema. */
export function addServeOptions(command: Command): void {
  command.option("--config <file>", "A YAML file with these settings, in camelCase; flags win over it.");
  for (const [name, flag] of Object.entries(serveFlags)) {
    const option = new Option(flag.flags, describe(name, flag));
    if (flag.repeatable) option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option);
  }
}

/**
 * The settings from the file, the flags over it, and the defaults under both. A flag that may be repeated
 * replaces the whole list of the file. Throws `UsageError` saying which setting is wrong.
 */
export async function readServeOptions(options: Readonly<Record<string, unknown>>): Promise<ServeConfig> {
  const { config: file } = options;
  const fromFile = typeof file === "string" ? await readConfigFile(file) : {};
  const fromFlags = Object.entries(serveFlags).flatMap(([name, flag]) => {
    const value = options[optionNameOf(flag)];
    if (value === undefined) return [];
    return [[name, flag.numeric ? numberOr(value) : value] as const];
  });
  try {
    return parseServeConfig({ ...fromFile, ...Object.fromEntries(fromFlags) });
  } catch (error) {
    if (error instanceof StatusError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** What is not a number stays as it is: the schema says it better. */
function numberOr(value: unknown): unknown {
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

async function readConfigFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`cannot read the settings: ${messageOf(error)}`);
  });
  const [document, ...more] = readYamlDocuments(text);
  if (document === undefined) return {};
  if (document.type === "document" && more.length === 0 && isRecord(document.value)) return document.value;
  const why = document.type === "problem" ? document.message : "must be one mapping";
  throw new UsageError(`${path}: not a file of settings: ${why}`);
}

function describe(name: string, { repeatable }: Flag): string {
  const properties: Readonly<Record<string, unknown>> = ServeConfigSchema.properties;
  const schema = properties[name];
  const { description = "", default: standard } = isRecord(schema) ? schema : {};
  const notes = [
    ...(repeatable ? ["repeatable"] : []),
    ...(standard === undefined || Array.isArray(standard) ? [] : [`default ${standard}`]),
  ];
  return notes.length === 0 ? String(description) : `${description} (${notes.join("; ")})`;
}

/** As commander calls it: `--image-dir <directory>` is `imageDir`. */
function optionNameOf({ flags }: Flag): string {
  return new Option(flags).attributeName();
}
