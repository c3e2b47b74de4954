import { describe, expect, test } from "vitest";
import { parseMounts, realDisks } from "./mounts.ts";

const mountsOf = (mountinfo: string) => realDisks(parseMounts(mountinfo)).map(({ mount }) => mount);

test("reads a line with none, one and several optional fields", () => {
  const text =
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n" +
    "28 27 8:1 / /data rw shared:1 - xfs /dev/sda1 rw\n" +
    "29 27 8:2 /sub /more rw shared:1 master:2 - btrfs /dev/sdb rw,subvol=/sub\n";
  expect(parseMounts(text)).toEqual([
    { deviceNumber: "254:0", root: "/", mount: "/", type: "ext4", source: "/dev/vda", superOptions: ["rw", "discard"] },
    { deviceNumber: "8:1", root: "/", mount: "/data", type: "xfs", source: "/dev/sda1", superOptions: ["rw"] },
    {
      deviceNumber: "8:2",
      root: "/sub",
      mount: "/more",
      type: "btrfs",
      source: "/dev/sdb",
      superOptions: ["rw", "subvol=/sub"],
    },
  ]);
});

test("undoes the kernel's escapes", () =>
  expect(mountsOf("28 27 8:1 / /my\\040data\\134x rw - ext4 /dev/sda1 rw\n")).toEqual(["/my data\\x"]));

test.each(["", "\n", "28 27 8:1", "28 27 8:1 / /data rw ext4 /dev/sda1 rw", "28 27 8:1 / /data rw -"])(
  "leaves out the damaged line %j",
  (line) => expect(parseMounts(line)).toEqual([]),
);

describe("real disks", () => {
  test("network, FUSE, automount and memory file systems are never among them", () => {
    const types = ["nfs", "nfs4", "cifs", "smb3", "ceph", "fuse.sshfs", "fuse", "autofs", "9p", "lustre", "glusterfs"];
    const memory = ["tmpfs", "proc", "sysfs", "cgroup2", "squashfs", "devtmpfs", "overlay"];
    const text = [...types, ...memory]
      .map((type, at) => `${at} 1 0:${at + 40} / /m${at} rw - ${type} src rw\n`)
      .join("");
    expect(mountsOf(text)).toEqual([]);
  });

  test("one disk mounted several times counts once, by the mount that shows most of it", () => {
    const text =
      "28 27 8:1 /var/www /www rw - ext4 /dev/sda1 rw\n" +
      "29 27 8:1 / /mnt/whole/disk rw - ext4 /dev/sda1 rw\n" +
      "30 27 8:1 / /disk rw - ext4 /dev/sda1 rw\n";
    expect(mountsOf(text)).toEqual(["/disk"]);
  });

  test("subvolumes of one btrfs count once although their numbers differ", () => {
    const text =
      "28 27 0:31 /@ / rw - btrfs /dev/sda2 rw,subvol=/@\n29 27 0:32 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home\n";
    expect(mountsOf(text)).toEqual(["/"]);
  });

  test("what is hidden under a later mount of the same folder does not count", () => {
    const text = "28 27 8:1 / /data rw - ext4 /dev/sda1 rw\n29 28 0:50 / /data rw - nfs4 server:/x rw\n";
    expect(mountsOf(text)).toEqual([]);
  });

  test("in a container: its overlay root, but not the files that the runtime mounts into /etc", () => {
    const text =
      "500 400 0:90 / / rw - overlay overlay rw,lowerdir=/l\n" +
      "510 500 8:1 /var/lib/docker/containers/ab/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n" +
      "511 500 8:1 /volumes/data /data rw - ext4 /dev/sda1 rw\n";
    expect(mountsOf(text)).toEqual(["/", "/data"]);
  });
});
