import t from "tap";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("get shows what is asked for, as asked", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["get", "vm"]), {
    code: 0,
    stdout: "",
    stderr: "no virtualmachines in namespace default\n",
  });
  t.match(await cli.run(["get", "vm,images", "-n", "nowhere"]), {
    code: 0,
    stderr: "no virtualmachines in namespace nowhere, no images anywhere; there is no namespace nowhere\n",
  });
  for (const [name, app] of [
    ["a", "web"],
    ["b", "db"],
  ]) {
    await cli.api.call("POST", machinesPath, {
      body: { ...smallMachine, metadata: { name, labels: { app } } },
    });
  }
  const columns = /^NAME +STATUS +READY +HOST +ADDRESS +CPUS +MEMORY +AGE\na .*\nb .*\n$/;
  t.match((await cli.run(["get", "vm"])).stdout, columns);
  t.match(
    (await cli.run(["get", "vm", "-A", "-o", "wide"])).stdout,
    /^NAMESPACE +NAME .*STRATEGY[\s\S]*default +a /,
  );
  t.equal((await cli.run(["get", "vm", "-o", "name", "-l", "app=db"])).stdout, "virtualmachine/b\n");
  t.equal((await cli.run(["get", "vm/a", "-o", "name"])).stdout, "virtualmachine/a\n");
  t.match(JSON.parse((await cli.run(["get", "vm", "a", "-o", "json"])).stdout), { metadata: { name: "a" } });
  t.match(JSON.parse((await cli.run(["get", "vm", "-o", "json"])).stdout), { kind: "List", items: [{}, {}] });
  t.match(
    (await cli.run(["get", "vm", "a", "-o", "yaml"])).stdout,
    "apiVersion: ostler.dev/v1\nkind: VirtualMachine\n",
  );
  t.equal((await cli.run(["get", "vm", "--field-selector", "spec.runStrategy=Halted"])).stdout, "");
  t.match((await cli.run(["get", "ns", "-n", "nowhere"])).stdout, /^default/m);
});

t.test("who wrote which field is shown when asked for", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", `${machinesPath}?fieldManager=me`, { body: smallMachine });
  for (const form of ["json", "yaml"]) {
    t.notMatch((await cli.run(["get", "vm", "web", "-o", form])).stdout, "managedFields");
    const { stdout } = await cli.run(["get", "vm", "-o", form, "--show-managed-fields"]);
    t.match(stdout, /managedFields[\s\S]*manager"?: "?me/);
  }
});

t.test("several kinds are several tables, and one list for programs", async (t) => {
  await using cli = await startCli();
  t.equal(
    (await cli.run(["get", "vm,images"])).stderr,
    "no virtualmachines in namespace default, no images anywhere\n",
  );
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const tables = /^NAME +STATUS.*\nvirtualmachine\/web .*\n\nNAME .*\nnamespace\/default .*\n$/;
  t.match((await cli.run(["get", "vm,images,ns"])).stdout, tables);
  t.match(
    (await cli.run(["get", "vm,ns", "-A"])).stdout,
    /^NAMESPACE +NAME.*\ndefault +virtualmachine\/web /,
  );
  t.equal((await cli.run(["get", "ns,vm", "-o", "name"])).stdout, "namespace/default\nvirtualmachine/web\n");
  t.match(JSON.parse((await cli.run(["get", "vm,ns", "-o", "json"])).stdout), {
    kind: "List",
    items: [{ kind: "VirtualMachine" }, { kind: "Namespace" }],
  });
  t.match((await cli.run(["get", "all"])).stdout, /^NAME +STATUS.*\nvirtualmachine\/web .*\n$/);
  for (const words of [["vm,ns", "web"], ["all", "web"], ["vm,"], ["vm,thing"], ["vm,ns", "-w"]]) {
    t.match(await cli.run(["get", ...words]), { code: 2 }, words.join(" "));
  }
});

t.test("what is not there, and what makes no sense, is told", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["get", "vm", "nope"]), { code: 3, stderr: "virtualmachine/nope: not found" });
  t.match(await cli.run(["get", "vm", "a", "b"]), { code: 3, stderr: "virtualmachine/a, virtualmachine/b" });
  t.match(await cli.run(["get", "vm", "a", "-o", "json"]), { code: 3 });
  t.match(await cli.run(["get", "thing"]), { code: 2, stderr: 'there is no kind "thing"' });
  t.match(await cli.run(["get", "vm", "-o", "xml"]), { code: 2, stderr: "--output" });
  t.match(await cli.run(["get", "vm", "a", "-A"]), { code: 2 });
  t.match(await cli.run(["get", "vm", "-w", "-o", "json"]), { code: 2 });
  t.match(await cli.run(["get", "vm", "-l", "=x"]), { code: 1, stderr: "label selector" });
});

t.test("with -w it goes on until it is interrupted", async (t) => {
  await using cli = await startCli();
  const controller = new AbortController();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  let asked = false;
  const onOutput = (text: string): void => {
    if (/^web /m.test(text) && !asked) {
      asked = true;
      void cli.api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name: "later" } } });
    }
    if (/^later /m.test(text)) controller.abort();
  };
  const { code, stdout } = await cli.run(["get", "vm", "-w"], { signal: controller.signal, onOutput });
  t.equal(code, 0);
  t.match(stdout, /^NAME .*\nweb .*\nlater /);
});
