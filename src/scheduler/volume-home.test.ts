import t from "tap";
import { on, volume } from "../testing/volume-plan-fixture.ts";
import { volumeHome } from "./volume-home.ts";

t.test("a machine goes where the most of its volumes' data is", async (t) => {
  const at = (hostName: string, size: string) => volume(on(hostName), {}, { size });
  t.equal(volumeHome([]), undefined);
  t.equal(volumeHome([volume()]), undefined, "one that is nowhere yet binds to nothing");
  t.equal(volumeHome([at("h1", "1Gi"), at("h2", "3Gi"), at("h1", "1Gi")]), "h2");
  t.equal(volumeHome([at("h1", "2Gi"), at("h2", "3Gi"), at("h1", "2Gi")]), "h1");
  t.equal(volumeHome([at("h2", "1Gi"), at("h1", "1Gi")]), "h1");
});
