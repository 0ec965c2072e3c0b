import fc from "fast-check";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import type { Accelerator } from "../../schema/host.ts";
import { anyDefinition } from "../../testing/domain-arbitrary.ts";
import { libvirtAvailable, startLibvirtHost } from "../../testing/libvirt-host.ts";
import type { DomainDefinition } from "../driver.ts";
import { parseDomain } from "./domain-parse.ts";
import { type HostProfile, writeDomain } from "./domain-xml.ts";
import { LibvirtClient } from "./rpc/libvirt-client.ts";
import { domainCalls, xmlFlag } from "./rpc/procedures-domain.ts";
import { connectUnix } from "./transport/unix.ts";

const { available, reason } = libvirtAvailable();
const poolPath = "/var/lib/libvirt/images/ostler-00000000";

const hosts: readonly { driverUri: string; accelerator: Accelerator; profile: HostProfile; runs: number }[] =
  [
    {
      driverUri: "qemu:///system",
      accelerator: "qemu",
      profile: { architecture: "x86_64", poolPath, libvirtVersion: 9_000_000 },
      runs: 150,
    },
    {
      driverUri: "test:///default",
      accelerator: "test",
      profile: { architecture: "i686", poolPath, libvirtVersion: 9_000_000 },
      runs: 150,
    },
  ];

t.test(
  "what libvirt made of a definition is parsed as that definition",
  { skip: !available && reason },
  async (t) => {
    await using host = await startLibvirtHost();
    for (const { driverUri, accelerator, profile, runs } of hosts) {
      const transport = await connectUnix([host.socketPath]);
      await using client = await LibvirtClient.open(transport, { driverUri, clock: systemClock });
      const readBack = async (definition: DomainDefinition): Promise<unknown> => {
        const { domain } = await client.call(domainCalls.defineXml, {
          xml: writeDomain(definition, profile),
          flags: 0,
        });
        const { xml } = await client.call(domainCalls.getXml, { domain, flags: xmlFlag.inactive });
        await client.call(domainCalls.undefine, { domain, flags: 0 });
        return parseDomain(xml, poolPath);
      };
      await t.test(driverUri, async (t) => {
        await fc.assert(
          fc.asyncProperty(anyDefinition(accelerator), async (definition) => {
            const { mark, cpus, memoryBytes, domainName } = definition;
            const expected = { uid: mark.uid, domainName, cpus, memoryBytes, mark, definition };
            const parsed = await readBack(definition);
            if (!t.strictSame(parsed, expected)) throw new Error("differs");
          }),
          { numRuns: runs },
        );
      });
    }
  },
);
