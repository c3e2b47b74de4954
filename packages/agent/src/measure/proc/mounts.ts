/** Mounted file systems from /proc/self/mountinfo, and which of them are real disks of this node. */

export interface Mount {
  /** `major:minor`; file systems that span devices (btrfs, overlay) have a number of their own. */
  readonly deviceNumber: string;
  /** The folder of the file system that is mounted; not `/` for a bind mount or a btrfs subvolume. */
  readonly root: string;
  readonly mount: string;
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/**
 * File systems whose `statfs` is answered by this machine's own kernel. A list of the allowed: what is not known to be
 * local (network, FUSE, automount) may hang for ever and is not asked.
 */
const localTypes: ReadonlySet<string> = new Set(
  "ext2 ext3 ext4 xfs btrfs bcachefs f2fs jfs reiserfs nilfs2 zfs vfat exfat ntfs3 ubifs jffs2".split(" "),
);

/** Where systems and container runtimes mount for their own use. */
const internalMounts =
  /^\/(dev|proc|sys|etc|run)(\/|$)|^\/var\/lib\/(docker|containers|containerd|kubelet|snapd)\/|^\/snap\//;

/** One line is `id parent major:minor root mount options [optional…] - type source superOptions` (proc(5)). */
export function parseMounts(mountinfo: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split("\n")) {
    const columns = line.split(" ");
    const separator = columns.indexOf("-", 6);
    const [deviceNumber, root, mount] = columns.slice(2, 5);
    const type = columns[separator + 1];
    const source = columns[separator + 2];
    if (separator < 0 || deviceNumber === undefined || root === undefined || mount === undefined) continue;
    if (type === undefined || source === undefined) continue;
    const superOptions = (columns[separator + 3] ?? "").split(",");
    const names = { root: unescaped(root), mount: unescaped(mount), source: unescaped(source) };
    mounts.push({ deviceNumber, ...names, type, superOptions });
  }
  return mounts;
}

/**
 * One mount for each real disk, in the order of their paths: of several mounts of one file system the one that shows
 * most of it. In a container, whose root is an overlay over a disk of the host, the root counts as a disk.
 */
export function realDisks(mounts: readonly Mount[]): Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.mount, mount]));
  const disks = new Map<string, Mount>();
  for (const mount of visible.values()) {
    const containerRoot = mount.type === "overlay" && mount.mount === "/";
    if (!containerRoot && (!localTypes.has(mount.type) || internalMounts.test(mount.mount))) continue;
    // btrfs gives each subvolume a number of its own, so that only the source tells them to be one disk.
    const identity = mount.type === "btrfs" ? mount.source : mount.deviceNumber;
    const known = disks.get(identity);
    if (known === undefined || showsMore(mount, known)) disks.set(identity, mount);
  }
  return [...disks.values()].sort((left, right) => (left.mount < right.mount ? -1 : 1));
}

function showsMore(mount: Mount, known: Mount): boolean {
  if ((mount.root === "/") !== (known.root === "/")) return mount.root === "/";
  return mount.mount.length < known.mount.length;
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
