import { array, bool, int, string, uhyper, uint, uuid } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { flags, pool, volume } from "./types.ts";

/** What `getInfo` of a pool answers as its state. */
export const poolState = { inactive: 0, building: 1, running: 2, degraded: 3, inaccessible: 4 } as const;

/** Storage pools. */
export const poolCalls = {
  lookupByName: control(84, "STORAGE_POOL_LOOKUP_BY_NAME", { name: string }, { pool }),
  lookupByUuid: control(85, "STORAGE_POOL_LOOKUP_BY_UUID", { uuid }, { pool }),
  isActive: control(154, "STORAGE_POOL_IS_ACTIVE", { pool }, { active: bool }),
  getInfo: control(
    87,
    "STORAGE_POOL_GET_INFO",
    { pool },
    { state: uint, capacity: uhyper, allocation: uhyper, available: uhyper },
  ),
  getXml: control(88, "STORAGE_POOL_GET_XML_DESC", { pool, ...flags }, { xml: string }),
  getAutostart: control(89, "STORAGE_POOL_GET_AUTOSTART", { pool }, { autostart: bool }),
  setAutostart: control(90, "STORAGE_POOL_SET_AUTOSTART", { pool, autostart: bool }, {}),
  defineXml: work(77, "STORAGE_POOL_DEFINE_XML", { xml: string, ...flags }, { pool }),
  createXml: work(76, "STORAGE_POOL_CREATE_XML", { xml: string, ...flags }, { pool }),
  build: work(79, "STORAGE_POOL_BUILD", { pool, ...flags }, {}),
  create: work(78, "STORAGE_POOL_CREATE", { pool, ...flags }, {}),
  destroy: work(80, "STORAGE_POOL_DESTROY", { pool }, {}),
  /** Deletes what `build` made, never the definition. */
  delete: work(81, "STORAGE_POOL_DELETE", { pool, ...flags }, {}),
  undefine: work(82, "STORAGE_POOL_UNDEFINE", { pool }, {}),
  refresh: work(83, "STORAGE_POOL_REFRESH", { pool, ...flags }, {}),
  listAllVolumes: control(
    282,
    "STORAGE_POOL_LIST_ALL_VOLUMES",
    { pool, needResults: int, ...flags },
    { volumes: array(volume), count: uint },
  ),
} as const;

const range = { volume, offset: uhyper, length: uhyper, ...flags };

/** Volumes. */
export const volumeCalls = {
  lookupByName: control(95, "STORAGE_VOL_LOOKUP_BY_NAME", { pool, name: string }, { volume }),
  lookupByKey: control(96, "STORAGE_VOL_LOOKUP_BY_KEY", { key: string }, { volume }),
  lookupByPath: control(97, "STORAGE_VOL_LOOKUP_BY_PATH", { path: string }, { volume }),
  getInfo: work(98, "STORAGE_VOL_GET_INFO", { volume }, { type: int, capacity: uhyper, allocation: uhyper }),
  getXml: work(99, "STORAGE_VOL_GET_XML_DESC", { volume, ...flags }, { xml: string }),
  getPath: control(100, "STORAGE_VOL_GET_PATH", { volume }, { path: string }),
  createXml: work(93, "STORAGE_VOL_CREATE_XML", { pool, xml: string, ...flags }, { volume }),
  createXmlFrom: work(
    125,
    "STORAGE_VOL_CREATE_XML_FROM",
    { pool, xml: string, source: volume, ...flags },
    { volume },
  ),
  resize: work(260, "STORAGE_VOL_RESIZE", { volume, capacity: uhyper, ...flags }, {}),
  wipe: work(165, "STORAGE_VOL_WIPE", { volume, ...flags }, {}),
  delete: work(94, "STORAGE_VOL_DELETE", { volume, ...flags }, {}),
  /** Opens an upload stream. */
  upload: work(208, "STORAGE_VOL_UPLOAD", range, {}),
  /** Opens a download stream; `length` 0: to the end. */
  download: work(209, "STORAGE_VOL_DOWNLOAD", range, {}),
} as const;
