import { describeArchive } from "../archive.contract.ts";
import { MemoryArchive } from "./memory-archive.ts";

describeArchive("MemoryArchive", async () => new MemoryArchive());
