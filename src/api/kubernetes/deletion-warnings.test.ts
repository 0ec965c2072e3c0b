import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";

const hosts = "/apis/ostler.dev/v1/hosts";
const merge = { "content-type": "application/merge-patch+json" };

t.test("who deletes a Host is told what is on it", async (t) => {
  await using api = await startApi();
  for (const name of ["h1", "h2"]) {
    await api.call("POST", hosts, { body: { metadata: { name }, spec: { uri: `test:///${name}` } } });
  }
  for (const name of ["web", "db"]) {
    const metadata = { ...smallMachine.metadata, name };
    await api.call("POST", machinesPath, { body: { ...smallMachine, metadata } });
    const body = { status: { hostName: "h1" } };
    await api.call("PATCH", `${machinesPath}/${name}/status`, { body, headers: merge });
  }
  const volumes = "/apis/ostler.dev/v1/namespaces/default/volumes";
  await api.call("POST", volumes, { body: { metadata: { name: "data" }, spec: { size: "1Gi" } } });
  const body = { status: { hostName: "h1" } };
  await api.call("PATCH", `${volumes}/data/status`, { body, headers: merge });

  const tried = await api.call("DELETE", `${hosts}/h1?dryRun=All`);
  const there = "2 machines, 1 volume";
  const text = `what is on host \\"h1\\" stays there, and is Unknown until it is added again: ${there}`;
  t.match(tried, { code: 200, headers: { warning: text } });
  await api.call("POST", hosts, { body: { metadata: { name: "rack-1" }, spec: { uri: "test:///h1" } } });
  const twin = { body: { status: { duplicateOf: "h1" } }, headers: merge };
  await api.call("PATCH", `${hosts}/rack-1/status`, twin);
  const renamed = `goes on as on host \\"rack-1\\", which is the same: ${there}`;
  t.match((await api.call("DELETE", `${hosts}/h1?dryRun=All`)).headers, { warning: renamed });
  await api.call("DELETE", `${hosts}/rack-1`);
  t.match((await api.call("DELETE", `${hosts}/h1`)).headers, { warning: text });
  t.notOk((await api.call("DELETE", `${hosts}/h2`)).headers.warning, "there is nothing on it");
  t.notOk((await api.call("DELETE", `${machinesPath}/web`)).headers.warning);
});
