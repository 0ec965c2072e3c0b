import type { LookupAddress } from "node:dns";
import type { RequestListener } from "node:http";
import t from "tap";
import { startHttpsServer, type TestHttpsServer, withoutHttpsServer } from "../testing/https-server.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { type HttpsFetchOptions, httpsFetch } from "./https-fetch.ts";
import { isPublicAddress } from "./public-address.ts";

const real = { skip: withoutHttpsServer() };
const loopback: LookupAddress = { address: "127.0.0.1", family: 4 };

/** A server called images.test, and a fetch that takes 127.0.0.1 alone for public. */
async function serve(listener: RequestListener, changes: Partial<HttpsFetchOptions> = {}) {
  const server = await startHttpsServer(["images.test"], listener);
  const clock = new ManualClock();
  const options: HttpsFetchOptions = {
    clock,
    signal: new AbortController().signal,
    maxBytes: 1000,
    timeoutMs: 60_000,
    idleTimeoutMs: 10_000,
    isAllowedAddress: (address) => address === "127.0.0.1",
    lookup: async () => [loopback],
    ca: server.ca,
    ...changes,
  };
  return {
    clock,
    fetch: (path: string) => httpsFetch(urlOf(server, path), options),
    url: (path: string) => urlOf(server, path),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function urlOf(server: TestHttpsServer, path: string): string {
  return path.startsWith("/") ? `https://images.test:${server.port}${path}` : path;
}

async function read(content: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(content)).toString("latin1");
}

/** Reads from nobody: what is wrong must show before anything is sent. */
function refusal(url: string, changes: Partial<HttpsFetchOptions> = {}): Promise<string> {
  return read(
    httpsFetch(url, {
      clock: new ManualClock(),
      signal: new AbortController().signal,
      maxBytes: 1000,
      timeoutMs: 60_000,
      idleTimeoutMs: 10_000,
      isAllowedAddress: isPublicAddress,
      lookup: async () => [loopback],
      ...changes,
    }),
  );
}

t.test("content arrives whole and leaves no timer behind", real, async (t) => {
  await using server = await serve((request, response) => {
    t.equal(request.headers["accept-encoding"], "identity");
    response.end("content");
  });
  t.equal(await read(server.fetch("/a")), "content");
  t.equal(server.clock.pendingTimers, 0);
});

t.test("a name is resolved once, and the connection goes where was looked", real, async (t) => {
  const answers = [[loopback], [{ address: "10.0.0.1", family: 4 }]];
  const lookup = async () => answers.shift() ?? [];
  await using server = await serve((_, response) => response.end("ok"), { lookup });
  t.equal(await read(server.fetch("/a")), "ok");
  t.equal(answers.length, 1, "a resolver that changes its mind is not asked again");
});

t.test("each redirect is looked at anew", real, async (t) => {
  const answers = [[loopback], [{ address: "10.0.0.1", family: 4 }]];
  const lookup = async () => answers.shift() ?? [];
  let requests = 0;
  await using server = await serve(
    (_, response) => {
      requests += 1;
      response.writeHead(302, { location: "/b" }).end();
    },
    { lookup },
  );
  await t.rejects(read(server.fetch("/a")), {
    name: "StatusError",
    reason: "Forbidden",
    message: /10\.0\.0\.1/,
  });
  t.equal(requests, 1);
});

t.test("three redirects are followed, a fourth is not", real, async (t) => {
  await using server = await serve((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end("arrived");
    else response.writeHead(307, { location: `${left - 1}` }).end("ignored");
  });
  t.equal(await read(server.fetch("/3")), "arrived");
  await t.rejects(read(server.fetch("/4")), {
    reason: "ServiceUnavailable",
    message: /more than 3 redirects/,
  });
});

t.test("a redirect may not leave https or bring credentials", real, async (t) => {
  for (const location of ["http://images.test/", "file:///etc/passwd", "ftp://images.test/", "gopher://x/"]) {
    await using server = await serve((_, response) => response.writeHead(301, { location }).end());
    await t.rejects(
      read(server.fetch("/a")),
      { name: "StatusError", reason: "Forbidden", message: /only https/ },
      location,
    );
  }
  const location = "https://user:secret@images.test/";
  await using server = await serve((_, response) => response.writeHead(301, { location }).end());
  await t.rejects(read(server.fetch("/a")), {
    name: "StatusError",
    reason: "Forbidden",
    message: /^(?!.*secret).*credentials/,
  });
});

t.test("an address that is not public is never connected to, however it is spelt", async (t) => {
  const urls = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[fd00:ec2::254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://①⑥⑨.254.169.254/",
    "https://localhost/",
    "https://localhost./",
    "https://rebound.example/",
  ];
  for (const url of urls)
    await t.rejects(refusal(url), { name: "StatusError", reason: "Forbidden", message: /not a public/ }, url);
  for (const url of ["http://example.com/", "file:///etc/passwd", "https://user@example.com/", "nonsense"]) {
    await t.rejects(refusal(url), { name: "StatusError", reason: "Forbidden" }, url);
  }
});

t.test("one private address among public ones is enough to refuse a name", async (t) => {
  const lookup = async () => [{ address: "8.8.8.8", family: 4 }, loopback];
  await t.rejects(refusal("https://example.com/", { lookup }), {
    reason: "Forbidden",
    message: /127\.0\.0\.1/,
  });
});

t.test("a name without addresses, or unknown, is a failure that may pass", async (t) => {
  const none = { lookup: async () => [] };
  await t.rejects(refusal("https://example.com/", none), {
    name: "StatusError",
    reason: "ServiceUnavailable",
  });
  const unknown = { lookup: () => Promise.reject(new Error("getaddrinfo ENOTFOUND example.com")) };
  await t.rejects(refusal("https://example.com/", unknown), {
    reason: "ServiceUnavailable",
    message: "https://example.com/: getaddrinfo ENOTFOUND example.com",
  });
});

t.test("more than the limit is not read, announced or not", real, async (t) => {
  await using announced = await serve((_, response) => response.end("x".repeat(1001)));
  await t.rejects(read(announced.fetch("/a")), { name: "StatusError", reason: "RequestEntityTooLarge" });
  await using silent = await serve((_, response) => {
    response.write("x".repeat(900));
    response.end("x".repeat(900));
  });
  await t.rejects(read(silent.fetch("/a")), { name: "StatusError", reason: "RequestEntityTooLarge" });
  await using exact = await serve((_, response) => response.end("x".repeat(1000)));
  t.equal((await read(exact.fetch("/a"))).length, 1000);
});

t.test("a server that falls silent is given up", real, async (t) => {
  await using server = await serve((_, response) => response.write("beginning"));
  const content = server.fetch("/a");
  t.equal(Buffer.from((await content.next()).value ?? []).toString(), "beginning");
  const rest = t.rejects(content.next(), {
    name: "StatusError",
    reason: "Timeout",
    message: /no data for 10000 ms/,
  });
  await server.clock.advance(10_000);
  await rest;
  t.equal(server.clock.pendingTimers, 0);
});

t.test("a server that never answers is given up", real, async (t) => {
  const asked = Promise.withResolvers<void>();
  await using server = await serve(() => asked.resolve());
  const rest = t.rejects(read(server.fetch("/a?token=secret")), {
    reason: "Timeout",
    message: /^((?!secret).)*$/,
  });
  await asked.promise;
  await server.clock.advance(10_000);
  await rest;
});

t.test("a trickle does not go on for ever", real, async (t) => {
  await using server = await serve((_, response) => response.write("x"), { timeoutMs: 5_000 });
  const content = server.fetch("/a");
  await content.next();
  const rest = t.rejects(content.next(), {
    name: "StatusError",
    reason: "Timeout",
    message: /not finished after 5000 ms/,
  });
  await server.clock.advance(5_000);
  await rest;
});

t.test("an abort ends a fetch with its reason, also while a name is looked up", async (t) => {
  const stop = new AbortController();
  const hangs = { lookup: () => new Promise<never>(() => {}), signal: stop.signal };
  const rest = t.rejects(refusal("https://example.com/", hangs), { message: "stopped" });
  stop.abort(new Error("stopped"));
  await rest;
});

t.test("what is not the content is a failure", real, async (t) => {
  await using missing = await serve((_, response) => response.writeHead(404).end());
  await t.rejects(read(missing.fetch("/a?q")), {
    reason: "ServiceUnavailable",
    message: /^https:\/\/images\.test:\d+\/a: answered 404$/,
  });
  await using partial = await serve((_, response) => response.writeHead(206).end("x"));
  await t.rejects(read(partial.fetch("/a")), { name: "StatusError", reason: "ServiceUnavailable" });
  await using zipped = await serve((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
  );
  await t.rejects(read(zipped.fetch("/a")), {
    name: "StatusError",
    reason: "ServiceUnavailable",
    message: /encoding gzip/,
  });
  await using cut = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("x", () => response.destroy());
  });
  await t.rejects(read(cut.fetch("/a")), { name: "StatusError", reason: "ServiceUnavailable" });
});

t.test(
  "a server is believed only with a certificate for its name from a trusted authority",
  real,
  async (t) => {
    await using unknown = await serve((_, response) => response.end("x"), { ca: "" });
    await t.rejects(read(unknown.fetch("/a")), {
      name: "StatusError",
      reason: "ServiceUnavailable",
      message: /certificate/,
    });
    await using other = await serve((_, response) => response.end("x"));
    const url = other.url("/a").replace("images.test", "other.test");
    await t.rejects(read(other.fetch(url)), {
      name: "StatusError",
      reason: "ServiceUnavailable",
      message: /other\.test/,
    });
  },
);
