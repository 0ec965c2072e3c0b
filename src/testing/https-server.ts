import { execFileSync } from "node:child_process";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";

/** An HTTPS server on 127.0.0.1 that vouches for itself. */
export interface TestHttpsServer extends AsyncDisposable {
  readonly port: number;
  /** PEM of the certificate, to be trusted. */
  readonly ca: string;
}

/** Why there can be no such server here; false when there can. For the `skip` of a test. */
export function withoutHttpsServer(): string | false {
  try {
    execFileSync("openssl", ["version"]);
    return false;
  } catch {
    return "openssl is not installed";
  }
}

/** Starts one that goes by `names`. Disposing drops all connections. */
export async function startHttpsServer(
  names: readonly string[],
  listener: RequestListener,
): Promise<TestHttpsServer> {
  const { certificate, key } = selfSigned(names);
  const server = createServer({ cert: certificate, key }, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    ca: certificate,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function selfSigned(names: readonly string[]): { certificate: string; key: string } {
  const alternatives = names.map((name) => `DNS:${name}`).join(",");
  const pem = execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "3650",
    ].concat(["-subj", "/CN=Ostler test", "-addext", `subjectAltName=${alternatives}`, "-keyout", "-"]),
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const start = pem.indexOf("-----BEGIN CERTIFICATE-----");
  return { key: pem.slice(0, start), certificate: pem.slice(start) };
}
