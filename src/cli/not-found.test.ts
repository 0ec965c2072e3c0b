import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { explainNotFound } from "./not-found.ts";

t.test("what is not there is told with where it was looked for and what to do", async (t) => {
  const cases = [
    [
      'virtualmachines.ostler.dev "web" not found',
      'virtualmachine/web: not found in namespace team; "ostler get virtualmachine" shows what there is',
    ],
    ['hosts.ostler.dev "h1" not found', 'host/h1: not found; "ostler get host" shows what there is'],
    ['namespaces "team" not found', 'namespace/team: not found; "ostler get namespace" shows what there is'],
  ] as const;
  for (const [message, told] of cases) {
    t.match(explainNotFound(new StatusError("NotFound", message), "team"), {
      reason: "NotFound",
      message: told,
    });
  }
});

t.test("other errors stay as they are", async (t) => {
  const errors = [
    new StatusError("NotFound", 'there is no host "h1"'),
    new StatusError("NotFound", 'widgets.example.org "x" not found'),
    new StatusError("Conflict", 'hosts.ostler.dev "h1" not found'),
    new Error("x"),
  ];
  for (const error of errors) t.equal(explainNotFound(error, "default"), error);
});
