import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { silentLogger } from "../../runtime/logger.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import type { Store } from "../../store/store.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { mirror } from "./mirror.ts";

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }) as const;

t.test("tells of what is there, then of every change, before the writer goes on", async (t) => {
  await using api = await startApi();
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  const told: string[] = [];
  await mirror({
    store: api.store,
    kind: NamespaceKind,
    clock: systemClock,
    logger: silentLogger,
    signal: ending.signal,
    onChange: ({ metadata }, current) =>
      told.push(`${metadata.name} ${current === undefined ? "gone" : "there"}`),
  });
  t.same(told, ["default there"]);
  const options = { body: namespace("team") };
  t.equal((await api.call("POST", "/api/v1/namespaces", options)).code, 201);
  t.same(told, ["default there", "team there"]);
});

t.test("after a gap it tells what the gap has hidden", async (t) => {
  await using api = await startApi();
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  const told = Promise.withResolvers<void>();
  const names = new Set<string>();
  let lists = 0;
  const store: Pick<Store, "list" | "watch"> = {
    list: (...args) => {
      lists += 1;
      return api.store.list(...args);
    },
    watch: (...args) => {
      if (lists === 1) throw new StatusError("Expired", "too old");
      return api.store.watch(...args);
    },
  };
  await mirror({
    store,
    kind: NamespaceKind,
    clock: systemClock,
    logger: silentLogger,
    signal: ending.signal,
    onChange: ({ metadata }, current) => {
      if (current === undefined) names.delete(metadata.name);
      else names.add(metadata.name);
      if (names.has("late")) told.resolve();
    },
  });
  await api.store.create(NamespaceKind, namespace("late"));
  await told.promise;
  t.same([...names], ["default", "late"]);
});
