import type { Static } from "typebox";
import { type StatusCause, StatusError } from "../runtime/errors.ts";
import { namePattern } from "./meta.ts";
import { copyPlain } from "./plain.ts";
import { Type } from "./type.ts";
import { conforms, explain, type Shape } from "./validator.ts";

const listenPattern = "^(\\[[0-9a-fA-F:.]+\\]|[a-zA-Z0-9.-]+):[0-9]{1,5}$";

const PathSchema = (description: string, defaultPath?: string) =>
  Type.String({
    minLength: 1,
    maxLength: 4096,
    pattern: "^[^\\x00]*$",
    description,
    ...(defaultPath !== undefined && { default: defaultPath }),
  });

/** Everything `ostler serve` can be told: by a flag of the same name, or in the file given as --config. */
export const ServeConfigSchema = Type.Object(
  {
    stateDir: PathSchema("Where the store, keys, certificates and the kubeconfig are kept.", "./state"),
    manifests: Type.Optional(
      PathSchema("A folder of manifests to keep applied; objects whose manifest is removed are deleted."),
    ),
    listen: Type.String({
      default: "127.0.0.1:6440",
      maxLength: 261,
      pattern: listenPattern,
      examples: ["127.0.0.1:6440", "[::1]:0"],
      description:
        "Address and port of the API; port 0 takes a free one. Beyond loopback only if given here.",
    }),
    clientCa: Type.Optional(
      PathSchema(
        "A file of authorities (PEM) whose client certificates are taken too: common name is the user, " +
          "organizations are groups.",
      ),
    ),
    hosts: Type.Array(
      Type.String({
        maxLength: 1100,
        pattern: "^([a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?=)?[a-z]+(\\+[a-z]+)?://[^\\s]*$",
        examples: ["qemu:///system", "rack1=qemu+ssh://root@rack1/system"],
      }),
      {
        default: [],
        maxItems: 1000,
        description: "A libvirt connection, URI or NAME=URI; becomes a Host unless one with that URI exists.",
      },
    ),
    fakeHosts: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 10000,
      description: "How many simulated hosts to add, for trying out: 64 CPUs and 256 GiB each.",
    }),
    imageDirs: Type.Array(PathSchema("A folder."), {
      default: [],
      maxItems: 64,
      description: "A folder on this machine from which Images may be read.",
    }),
    accelerator: Type.Union([Type.Literal("auto"), Type.Literal("kvm"), Type.Literal("qemu")], {
      default: "auto",
      description: "What machines on the given hosts run with: auto, kvm, or qemu (software emulation).",
    }),
    placementPolicy: Type.Union(
      ["Spread", "BinPacking", "RoundRobin", "LeastLoadedFifo"].map((type) => Type.Literal(type)),
      {
        default: "Spread",
        description:
          "How hosts are chosen for machines that name no policy while no PlacementPolicy is called default.",
      },
    ),
    resyncSeconds: Type.Integer({
      default: 15,
      minimum: 1,
      maximum: 86400,
      description: "How often everything on each host is looked at, whether or not anything happened.",
    }),
    seedListen: Type.Optional(
      Type.String({
        maxLength: 261,
        pattern: listenPattern,
        examples: ["127.0.0.1:8080"],
        description:
          "Address and port of the flat API, which asks nobody who they are: all that reach it may use it. " +
          "Not served unless given.",
      }),
    ),
    seedNames: Type.Array(
      Type.String({ maxLength: 253, pattern: "^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$" }),
      {
        default: [],
        maxItems: 64,
        description:
          "A name by which the flat API is reached, besides addresses and this machine's own name.",
      },
    ),
    seedErrorShape: Type.Union([Type.Literal("zero"), Type.Literal("keyed")], {
      default: "zero",
      description: 'How failures look in the flat API: zero (0) or keyed ({"vmid": 0}).',
    }),
    seedTimeoutSeconds: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 3600,
      description: "How long a call of the flat API may take until what it asks for is true.",
    }),
    seedPlacementPolicy: Type.Optional(
      Type.String({
        pattern: namePattern,
        description: "The PlacementPolicy of machines that are made through the flat API.",
      }),
    ),
    seedNetwork: Type.Optional(
      Type.String({
        pattern: "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$",
        description: "The libvirt network that machines made through the flat API are connected to.",
      }),
    ),
    podFacade: Type.Union([Type.Literal("on"), Type.Literal("off")], {
      default: "on",
      description: "Whether machines are shown as pods and hosts as nodes, for clients that know only those.",
    }),
    logLevel: Type.Union(
      ["debug", "info", "warn", "error", "silent"].map((level) => Type.Literal(level)),
      {
        default: "info",
        description: "The least important log lines to write: debug, info, warn, error or silent.",
      },
    ),
  },
  { additionalProperties: false, description: "Settings of ostler serve." },
);

export interface ServeConfig extends Readonly<Static<typeof ServeConfigSchema>> {}

const shape: Shape<ServeConfig> = { schema: ServeConfigSchema };

/** Settings with their defaults. Throws `Invalid` with a cause for each that is wrong. */
export function parseServeConfig(value: unknown): ServeConfig {
  const config = copyPlain(value ?? {});
  if (conforms(shape, config)) {
    const causes = checkPort(config);
    if (causes.length === 0) return config;
    throw invalid(causes);
  }
  throw invalid(explain(shape, config));
}

/** The address and port of `listen`. */
export function splitListen(listen: string): { readonly host: string; readonly port: number } {
  const at = listen.lastIndexOf(":");
  return { host: listen.slice(0, at).replace(/^\[(.*)\]$/, "$1"), port: Number(listen.slice(at + 1)) };
}

function checkPort(config: ServeConfig): readonly StatusCause[] {
  return (["listen", "seedListen"] as const).flatMap((field) => {
    const isWrong = splitListen(config[field] ?? "").port > 65535;
    return isWrong ? [{ field, message: "a port is at most 65535" }] : [];
  });
}

function invalid(causes: readonly StatusCause[]): StatusError {
  const text = causes
    .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))
    .join("; ");
  return new StatusError("Invalid", `the settings are wrong: ${text}`, { causes });
}
