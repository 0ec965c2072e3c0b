import type { FaultAct } from "./fault-act.ts";
import type { Scene } from "./scene.ts";

/** What happens to the folder of manifests. */
export const fileFaults: Readonly<Record<string, FaultAct>> = {
  halfFile: {
    fault: "F14",
    weight: 2,
    act: onFile("half", ({ author, stream }, path) => author.halfWrite(path, stream.between(100, 20_000))),
  },
  truncatedFile: {
    fault: "F14",
    weight: 1,
    act: onFile("truncated", ({ author }, path) => author.truncate(path)),
  },
  linkedFile: {
    fault: "F14",
    weight: 1,
    act: onFile("a link", ({ author }, path) => author.replaceByLink(path)),
  },
  duplicateFile: {
    fault: "F14",
    weight: 1,
    act: onFile("doubled", ({ author, newName }, path) => author.duplicate(path, `${newName("copy")}.yaml`)),
  },
  renameFile: {
    fault: "F14",
    weight: 1,
    act: onFile("renamed", ({ author, newName }, path) =>
      author.rename(path, `${newName("moved")}/${path.replace(/^.*\//, "")}`),
    ),
  },
  emptyFolder: {
    fault: "F14",
    weight: 1,
    act: ({ author }) => {
      author.empty();
      return "the folder is emptied";
    },
  },
  unmount: {
    fault: "F14",
    weight: 1,
    act: ({ world, stream }) => {
      world.files.unmount(stream.pick(["unmounted", "gone"] as const));
      world.later(stream.between(1_000, 120_000), () => world.files.mount());
      return "the folder's mount vanishes";
    },
  },
};

function onFile(word: string, act: (scene: Scene, path: string) => void): FaultAct["act"] {
  return (scene) => {
    const { author, stream } = scene;
    const path = author.paths[stream.below(author.paths.length)];
    if (path === undefined) return undefined;
    act(scene, path);
    return `${path} is ${word}`;
  };
}
