/**
 * Server reflection, for clients that have no .proto files.
 *
 * The descriptors that the loader makes are not quite those of protoc, and strict clients (grpcurl, Python) refuse them:
 * map entries have other names, `optional` is not marked, and fields are in camelCase. Here they are put right.
 */
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { protoFolder } from "@holdfast/shared/contract/load.ts";
import { protoFiles } from "@holdfast/shared/contract/proto-files.ts";
import { protoPath as healthProto } from "grpc-health-check";
// CommonJS, and Node finds none of its names without running it.
import descriptor, {
  type IDescriptorProto,
  type IFieldDescriptorProto,
  type IFileDescriptorProto,
} from "protobufjs/ext/descriptor/index.js";

/** Field 17 of the descriptor, which the types leave out. */
interface Field extends IFieldDescriptorProto {
  proto3Optional?: boolean;
}

export function reflectionService(): ReflectionService {
  const contract = loadSync([...protoFiles], { includeDirs: [protoFolder], keepCase: true });
  const health = loadSync(healthProto, { keepCase: true });
  const files = [...descriptorsOf(contract), ...descriptorsOf(health)].map(asProtocWouldWrite);
  // All that the service looks at is the descriptors that hang on the definitions.
  return new ReflectionService({ all: { fileDescriptorProtos: files } } as unknown as PackageDefinition);
}

function descriptorsOf(definition: PackageDefinition): readonly Buffer[] {
  for (const item of Object.values(definition)) {
    if (Array.isArray(item["fileDescriptorProtos"])) return item["fileDescriptorProtos"];
  }
  return [];
}

function asProtocWouldWrite(bytes: Buffer): Buffer {
  const file = descriptor.FileDescriptorProto.decode(bytes) as IFileDescriptorProto;
  for (const message of file.messageType ?? []) repair(message);
  return Buffer.from(descriptor.FileDescriptorProto.encode(file).finish());
}

function repair(message: IDescriptorProto): void {
  for (const field of message.field ?? []) {
    nameMapEntry(message, field);
    if (isSynthetic(message, field)) (field as Field).proto3Optional = true;
  }
  for (const nested of message.nestedType ?? []) repair(nested);
}

/** The entry of `final_labels` is called FinalLabelsEntry. */
function nameMapEntry(message: IDescriptorProto, field: IFieldDescriptorProto): void {
  const entry = message.nestedType?.find(({ name, options }) => options?.mapEntry === true && name === field.typeName);
  if (entry === undefined) return;
  entry.name = `${(field.name ?? "").replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
  field.typeName = entry.name;
}

/** A field that is `optional` is alone in a oneof of its own name. */
function isSynthetic(message: IDescriptorProto, field: IFieldDescriptorProto): boolean {
  // Decoded messages inherit a default of 0, which is the index of the first one.
  if (!Object.hasOwn(field, "oneofIndex")) return false;
  return message.oneofDecl?.[field.oneofIndex ?? -1]?.name === `_${field.name}`;
}
