import type { FaultAct } from "./fault-act.ts";
import { controllerFaults } from "./faults-controllers.ts";
import { fileFaults } from "./faults-files.ts";
import { hostFaults } from "./faults-hosts.ts";
import { inventoryFaults } from "./faults-inventory.ts";
import { peopleFaults } from "./faults-people.ts";
import { statementFaults } from "./faults-statements.ts";

/** What happens to hosts, networks, disks, clocks, files and the controller itself. */
export const faultActs: Readonly<Record<string, FaultAct>> = {
  ...controllerFaults,
  ...hostFaults,
  ...peopleFaults,
  ...fileFaults,
  ...statementFaults,
  ...inventoryFaults,
};
