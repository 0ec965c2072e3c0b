import type { StatusCause } from "../runtime/errors.ts";
import { decodeBase64 } from "./base64.ts";
import { formatField } from "./field-path.ts";
import { isRecord } from "./plain.ts";
import type { Secret } from "./secret.ts";

const serviceAccountAnnotation = "kubernetes.io/service-account.name";

/** What Kubernetes asks of the types it knows; any other type may hold anything. Shows no value. */
export function checkSecretType({ type, data = {}, metadata }: Secret): readonly StatusCause[] {
  switch (type) {
    case "kubernetes.io/tls":
      return ["tls.crt", "tls.key"].flatMap((key) => required(data, key));
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? [] : [missing("ssh-privatekey")];
    case "kubernetes.io/basic-auth":
      if (Object.hasOwn(data, "username") || Object.hasOwn(data, "password")) return [];
      return [missing("username"), missing("password")];
    case "kubernetes.io/dockerconfigjson":
      return jsonObject(data, ".dockerconfigjson");
    case "kubernetes.io/dockercfg":
      return jsonObject(data, ".dockercfg");
    case "kubernetes.io/service-account-token": {
      if (metadata.annotations?.[serviceAccountAnnotation]) return [];
      const field = formatField(["metadata", "annotations", serviceAccountAnnotation]);
      return [{ field, message: "required", reason: "FieldValueRequired" }];
    }
    default:
      return [];
  }
}

type Entries = Readonly<Record<string, string>>;

function required(data: Entries, key: string): readonly StatusCause[] {
  return Object.hasOwn(data, key) ? [] : [missing(key)];
}

function jsonObject(data: Entries, key: string): readonly StatusCause[] {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  if (value === undefined) return [missing(key)];
  return isJsonObject(decodeBase64(value) ?? "")
    ? []
    : [{ field: formatField(["data", key]), message: "must be a JSON object" }];
}

function missing(key: string): StatusCause {
  return { field: formatField(["data", key]), message: "required", reason: "FieldValueRequired" };
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}
