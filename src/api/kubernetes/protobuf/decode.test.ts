import fc from "fast-check";
import t from "tap";
import { hasReason } from "../../../runtime/errors.ts";
import { machinesPath, startApi } from "../../../testing/api-fixture.ts";
import { type ProtobufField, protobufBody } from "../../../testing/protobuf-encode.ts";
import { throwsWith } from "../../../testing/throws-with.ts";
import { decodeProtobuf } from "./decode.ts";
import { messages } from "./messages.ts";

/** Metadata as Go writes it: everything that is no pointer, empty or not. */
const goMetadata: ProtobufField = [
  1,
  [
    [1, "a"],
    [2, ""],
    [3, ""],
    [4, ""],
    [5, ""],
    [6, ""],
    [7, 0],
    [8, []],
    [
      11,
      [
        [1, "app"],
        [2, "web"],
      ],
    ],
    [
      11,
      [
        [1, "empty"],
        [2, ""],
      ],
    ],
    [14, "example.org/hold"],
    [14, ""],
  ],
];

function json(apiVersion: string, kind: string, raw: readonly ProtobufField[]): unknown {
  return JSON.parse(JSON.stringify(decodeProtobuf(protobufBody(apiVersion, kind, raw))));
}

t.test("objects become the JSON that the same client would have sent", async (t) => {
  const metadata = { name: "a", labels: { app: "web", empty: "" }, finalizers: ["example.org/hold", ""] };
  const secret = json("v1", "Secret", [
    goMetadata,
    [
      2,
      [
        [1, "k"],
        [2, Uint8Array.of(1)],
      ],
    ],
    [3, "Opaque"],
    [5, 0],
  ]);
  t.strictSame(secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    data: { k: "AQ==" },
    type: "Opaque",
    immutable: false,
  });
  const quota = json("v1", "ResourceQuota", [
    [
      2,
      [
        [
          1,
          [
            [1, "cpus"],
            [2, [[1, "5"]]],
          ],
        ],
      ],
    ],
  ]);
  t.match(quota, { spec: { hard: { cpus: "5" } } });
  const extra: ProtobufField = [
    5,
    [
      [1, "scopes"],
      [
        2,
        [
          [1, "x"],
          [1, "y"],
        ],
      ],
    ],
  ];
  const review = json("authorization.k8s.io/v1", "SubjectAccessReview", [[2, [[3, "u"], extra]]]);
  t.match(review, { spec: { user: "u", extra: { scopes: ["x", "y"] } } });
  t.strictSame(
    json("apps.example.org/v9", "DeleteOptions", [
      [1, 0],
      [2, [[1, "u"]]],
      [5, "All"],
    ]),
    {
      apiVersion: "apps.example.org/v9",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      preconditions: { uid: "u" },
      dryRun: ["All"],
    },
  );
});

t.test("a field that is not known has its number as its name, unless it is empty", async (t) => {
  t.strictSame(
    json("v1", "ConfigMap", [
      [90, []],
      [91, 0],
      [92, "x"],
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      "#92": true,
    },
  );
});

t.test("another kind, another encoding and what is no protobuf are refused", async (t) => {
  throwsWith(t, () => json("v1", "Pod", []), "UnsupportedMediaType", '"Pod" in version "v1"');
  throwsWith(t, () => decodeProtobuf(Buffer.from("{}")), "BadRequest", "does not begin with");
  throwsWith(t, () => decodeProtobuf(new Uint8Array()), "BadRequest");
  const body = protobufBody("v1", "Secret", [goMetadata]);
  throwsWith(t, () => decodeProtobuf(body.subarray(0, body.length - 6)), "BadRequest");
  const many = Array.from({ length: 100_001 }, (): ProtobufField => [2, []]);
  throwsWith(t, () => json("v1", "ConfigMap", many), "BadRequest", "more than 100000 values");
});

t.test("whatever bytes there are, they are decoded or refused", async () => {
  const kinds = [...messages.keys()].map((name) => name.split(" "));
  const body = fc.record({ kind: fc.constantFrom(...kinds), raw: fc.uint8Array({ maxLength: 200 }) });
  fc.assert(
    fc.property(body, ({ kind: [apiVersion = "", kind = ""], raw }) =>
      decodesOrRefuses(apiVersion, kind, raw),
    ),
    { numRuns: 3000 },
  );
});

t.test("a message with any byte changed is decoded or refused", async () => {
  const whole = protobufBody("v1", "Secret", [
    goMetadata,
    [
      2,
      [
        [1, "k"],
        [2, Uint8Array.of(1)],
      ],
    ],
    [3, "Opaque"],
  ]);
  for (let index = 0; index < whole.length; index += 1) {
    for (const byte of [0, 1, 0x7f, 0x80, 0xff]) settles(() => decodeProtobuf(whole.with(index, byte)));
  }
});

function decodesOrRefuses(apiVersion: string, kind: string, raw: Uint8Array): boolean {
  const body = Buffer.concat([protobufBody(apiVersion, kind, []), Buffer.from([0x12, raw.length]), raw]);
  return settles(() => JSON.stringify(decodeProtobuf(body)));
}

function settles(decode: () => unknown): boolean {
  try {
    decode();
  } catch (error) {
    if (!hasReason(error, "BadRequest") && !hasReason(error, "UnsupportedMediaType")) throw error;
  }
  return true;
}

t.test("the API takes protobuf, and holds it against the schema like any body", async (t) => {
  await using api = await startApi();
  const send = async (url: string, payload: Buffer) =>
    api.app.inject({
      method: "POST",
      url,
      payload,
      headers: { ...api.headers, "content-type": "application/vnd.kubernetes.protobuf" },
    });
  const path = "/api/v1/namespaces/default/configmaps";
  const data: ProtobufField = [
    2,
    [
      [1, "k"],
      [2, "v"],
    ],
  ];
  const created = await send(path, protobufBody("v1", "ConfigMap", [goMetadata, data]));
  t.match(created, { statusCode: 201, headers: { "content-type": /^application\/json/ } });
  t.match(created.json(), { metadata: { namespace: "default", generation: 1 }, data: { k: "v" } });
  const unknown = await send(
    path,
    protobufBody("v1", "ConfigMap", [
      [1, [[1, "b"]]],
      [9, "x"],
    ]),
  );
  t.match(unknown.json(), { code: 400, message: /unknown field "#9"/ });
  const proto = await send(
    path,
    protobufBody("v1", "ConfigMap", [
      [1, [[1, "b"]]],
      [2, [[1, "__proto__"]]],
    ]),
  );
  t.match(proto.json(), { code: 400, message: /__proto__/ });
  t.match((await send(machinesPath, protobufBody("v1", "ConfigMap", []))).json(), { code: 400 });
  t.match((await send(machinesPath, Buffer.from("k8s"))).json(), { kind: "Status", code: 400 });
});
