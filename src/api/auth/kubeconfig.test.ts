import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { readYamlDocuments } from "../../schema/yaml-documents.ts";
import { formatKubeconfig, readToken, writeKubeconfig } from "./kubeconfig.ts";

const text = formatKubeconfig({ server: "https://[::1]:6440", ca: "PEM", token: "ostler_a-B_9" });

t.test("a kubeconfig has one context with all it needs", async (t) => {
  const [document] = readYamlDocuments(text);
  t.match(document, {
    type: "document",
    value: {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "ostler",
      clusters: [
        {
          name: "ostler",
          cluster: { server: "https://[::1]:6440", "certificate-authority-data": "UEVN" },
        },
      ],
      users: [{ name: "admin", user: { token: "ostler_a-B_9" } }],
      contexts: [{ name: "ostler", context: { cluster: "ostler", user: "admin", namespace: "default" } }],
    },
  });
});

t.test("the token can be read back from what we wrote, and from nothing else", async (t) => {
  t.equal(readToken(text), "ostler_a-B_9");
  t.equal(readToken("apiVersion: v1\nusers: [{user: {token: x}}]\n"), undefined);
  t.equal(readToken(""), undefined);
});

t.test("a kubeconfig is its owner's alone, and replaced only by another", async (t) => {
  const path = join(t.testdir(), "kubeconfig");
  const options = { server: "https://127.0.0.1:6440", ca: "PEM", token: "t" };
  const facts = async () => {
    const { ino, mode } = await stat(path);
    return { ino, mode: mode & 0o777 };
  };
  await writeKubeconfig(path, options);
  const first = await facts();
  t.equal(first.mode, 0o600);
  await chmod(path, 0o644);
  await writeKubeconfig(path, options);
  t.same(await facts(), first, "the same file, closed to others again");
  await writeKubeconfig(path, { ...options, token: "u" });
  t.equal((await facts()).mode, 0o600);
  t.equal(readToken(await readFile(path, "utf8")), "u");
});
