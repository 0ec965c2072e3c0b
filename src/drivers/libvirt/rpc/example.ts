// Lists the domains of a host: node src/drivers/libvirt/rpc/example.ts [URI]
import { homedir, userInfo } from "node:os";
import { systemClock } from "../../../runtime/clock.ts";
import { openLink } from "../transport/link.ts";
import { parseLibvirtUri } from "../transport/uri.ts";
import { LibvirtClient } from "./libvirt-client.ts";
import { connectCalls } from "./procedures-connect.ts";
import { domainCalls } from "./procedures-domain.ts";

const target = parseLibvirtUri(process.argv[2] ?? "qemu:///system");
const surroundings = { home: homedir(), username: userInfo().username, sshAgent: process.env.SSH_AUTH_SOCK };
await using link = await openLink(target, surroundings);
const transport = await link.open();
await using client = await LibvirtClient.open(transport, { driverUri: target.driverUri, clock: systemClock });

const { domains } = await client.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
for (const domain of domains) {
  const { state } = await client.call(domainCalls.getState, { domain, flags: 0 });
  process.stdout.write(`${domain.uuid}  ${state === 1 ? "running" : `state ${state}`}  ${domain.name}\n`);
}
