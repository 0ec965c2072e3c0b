import t from "tap";
import { base64, kubeconfigFor } from "./kubeconfig-for.ts";

t.test("a kubeconfig carries the server, whom to trust for it, and the user", async (t) => {
  const connection = { server: "https://127.0.0.1:6440", ca: "PEM" };
  const text = kubeconfigFor({ connection, namespace: "team" }, "ann", { token: "t" });
  t.match(text, /server: https:\/\/127\.0\.0\.1:6440\n/);
  t.match(text, `certificate-authority-data: ${base64("PEM")}`);
  t.match(text, /name: ann\n {4}user:\n {6}token: t\n/);
  t.match(text, /namespace: team/);
  t.notMatch(
    kubeconfigFor({ connection: { server: "x" }, namespace: "a" }, "ann", { token: "t" }),
    "authority",
  );
});
