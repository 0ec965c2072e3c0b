import t from "tap";
import { printableUrl } from "./printable-url.ts";

t.test("a URL is shown without anything that may be secret", async (t) => {
  t.equal(
    printableUrl("https://me:secret@h.example:8443/a/b?signature=secret#secret"),
    "https://h.example:8443/a/b",
  );
  t.equal(printableUrl(new URL("https://h.example")), "https://h.example/");
  t.equal(printableUrl("secret"), "the url");
});
