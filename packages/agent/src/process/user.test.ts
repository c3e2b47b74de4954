import { expect, test } from "vitest";
import { findUser, resolveUser } from "./user.ts";

const files = {
  passwd: "root:x:0:0:root:/root:/bin/bash\nann:x:1000:100:Ann,,,:/home/ann:/bin/sh\nbroken:x::\n",
  group: "root:x:0:\nusers:x:100:bob,ann\ngpu:x:44:ann\nother:x:45:annabel\nempty:x::ann\n",
};

test("a user has its ids and each of its groups once", () => {
  expect(findUser("ann", files)).toEqual({
    name: "ann",
    uid: 1000,
    gid: 100,
    groups: [100, 44],
    home: "/home/ann",
    shell: "/bin/sh",
  });
});

test("an unknown or half-written user is an error that names it", () => {
  for (const name of ["bob", "broken", "", "0"]) {
    expect(() => findUser(name, files)).toThrow(`user: this node has no user "${name}"`);
  }
});

test("this machine's root is found", async () => {
  expect(await resolveUser("root")).toMatchObject({ uid: 0, gid: 0 });
});
