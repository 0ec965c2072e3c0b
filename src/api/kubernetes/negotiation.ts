import { StatusError } from "../../runtime/errors.ts";

/** One alternative of an Accept header: a media type with its parameters in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** How an object or list is to be shown. */
export type View = "object" | "table" | "metadata";

const json: ReadonlySet<string> = new Set(["application/json", "application/*", "*/*"]);

/** The alternatives of an Accept header in the order of preference; `*` + `/*` when there is none. */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  const given = (header ?? "*/*").split(",").map(parseMediaType);
  return given
    .filter((media) => media.type !== "")
    .map((media, index) => ({ media, index, quality: qualityOf(media) }))
    .sort((left, right) => right.quality - left.quality || left.index - right.index)
    .map(({ media }) => media);
}

/** A media type with parameters, as in `application/json;as=Table;v=v1`. */
export function parseMediaType(text: string): MediaType {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  return {
    type: type.toLowerCase(),
    parameters: new Map(
      parameters.map((part) => {
        const [name = "", value = ""] = part.split("=", 2);
        return [name.trim().toLowerCase(), value.trim()] as const;
      }),
    ),
  };
}

/**
 * The view to answer with: the first alternative that is served. Throws `NotAcceptable` when none is, which
 * means a client that takes nothing but protobuf or YAML.
 */
export function chooseView(accept: string | undefined): View {
  for (const { type, parameters } of parseAccept(accept)) {
    if (!json.has(type)) continue;
    const as = parameters.get("as");
    if (as === undefined) return "object";
    if (parameters.get("g") !== "meta.k8s.io" || parameters.get("v") !== "v1") continue;
    if (as === "Table") return "table";
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return "metadata";
  }
  throw new StatusError("NotAcceptable", "only application/json is served; add it to the Accept header");
}

/** The version of aggregated discovery to answer with; undefined: the plain form. */
export function chooseDiscovery(accept: string | undefined): "v2" | "v2beta1" | undefined {
  for (const { type, parameters } of parseAccept(accept)) {
    if (!json.has(type)) continue;
    if (parameters.get("as") !== "APIGroupDiscoveryList") return undefined;
    const version = parameters.get("v");
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

function qualityOf({ parameters }: MediaType): number {
  const quality = Number(parameters.get("q") ?? "1");
  return Number.isFinite(quality) ? quality : 0;
}
