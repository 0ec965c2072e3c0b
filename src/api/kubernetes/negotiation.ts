import { StatusError } from "../../runtime/errors.ts";

/** One alternative of an Accept header: a media type with its parameters in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** How an object or list is to be shown. */
export type View = "object" | "table" | "metadata";

/** What to answer with. */
export interface Representation {
  readonly view: View;
  /** Of `meta.k8s.io`, of which tables and bare metadata are. */
  readonly version: "v1" | "v1beta1";
  readonly encoding: "json" | "yaml";
}

const json: ReadonlySet<string> = new Set(["application/json", "application/*", "*/*"]);
const yaml = "application/yaml";

/** The alternatives of an Accept header in the order of preference, without what is refused (`q=0`). */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  const given = (header ?? "*/*").split(",").map(parseMediaType);
  return given
    .filter((media) => media.type !== "")
    .map((media, index) => ({ media, index, quality: qualityOf(media) }))
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality || left.index - right.index)
    .map(({ media }) => media);
}

const noParameters: ReadonlyMap<string, string> = new Map();

/** A media type with parameters, as in `application/json;as=Table;v=v1`. */
export function parseMediaType(text: string): MediaType {
  if (!text.includes(";")) return { type: text.trim().toLowerCase(), parameters: noParameters };
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

const plain: Representation = { view: "object", version: "v1", encoding: "json" };

/**
 * What to answer with: the first alternative that is served. Throws `NotAcceptable` when none is, which
 * means a client that takes nothing but protobuf.
 */
export function chooseRepresentation(accept: string | undefined): Representation {
  if (accept === undefined || accept === "application/json") return plain;
  for (const media of parseAccept(accept)) {
    const encoding = json.has(media.type) ? "json" : media.type === yaml ? "yaml" : undefined;
    const shown = encoding && showing(media);
    if (encoding !== undefined && shown !== undefined) return { ...shown, encoding };
  }
  throw new StatusError(
    "NotAcceptable",
    "only the following media types are accepted: application/json, application/yaml",
  );
}

/** The view of an answer; see `chooseRepresentation`. */
export function chooseView(accept: string | undefined): View {
  return chooseRepresentation(accept).view;
}

/** Throws `NotAcceptable` unless JSON is taken, which is all that watches are told in. */
export function assertTakesJson(accept: string | undefined): void {
  if (chooseRepresentation(accept).encoding === "json") return;
  throw new StatusError("NotAcceptable", "a watch is told in application/json only");
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

function showing({ parameters }: MediaType): Omit<Representation, "encoding"> | undefined {
  const as = parameters.get("as");
  if (as === undefined) return { view: "object", version: "v1" };
  const version = parameters.get("v");
  if (parameters.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  if (as === "Table") return { view: "table", version };
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList"
    ? { view: "metadata", version }
    : undefined;
}

function qualityOf({ parameters }: MediaType): number {
  const quality = Number(parameters.get("q") ?? "1");
  return Number.isFinite(quality) ? quality : 0;
}
