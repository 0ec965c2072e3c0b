import t from "tap";
import { readYamlDocuments } from "../../schema/yaml-documents.ts";
import { formatKubeconfig, readToken } from "./kubeconfig.ts";

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
