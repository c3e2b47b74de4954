/** Page sizes and page tokens. A token is opaque to clients: it says where the next page begins, and in which order. */
import { invalidField } from "@holdfast/shared/errors.ts";

const defaultPageSize = 100;
const maxPageSize = 1_000;
const tokenPattern = /^([on])([A-Za-z0-9._-]{1,128})$/;

export function checkPageSize(pageSize: number | undefined): number {
  if (pageSize === undefined || pageSize === 0) return defaultPageSize;
  if (pageSize >= 1 && pageSize <= maxPageSize) return pageSize;
  throw invalidField("page_size", `is ${pageSize}; it must be 1 to ${maxPageSize}, or 0 for ${defaultPageSize}`);
}

export function pageToken(lastId: string, newestFirst: boolean): string {
  return Buffer.from(`${newestFirst ? "n" : "o"}${lastId}`).toString("base64url");
}

/** The id that the previous page ended with; "" for the first page. */
export function checkPageToken(token: string | undefined, newestFirst: boolean): string {
  if (token === undefined || token === "") return "";
  const match = tokenPattern.exec(Buffer.from(token.slice(0, 256), "base64url").toString("latin1"));
  if (match === null) throw invalidField("page_token", "is not one that List gave; begin without it");
  if ((match[1] === "n") !== newestFirst) {
    throw invalidField("page_token", "belongs to a list in the other order; begin without it");
  }
  return match[2] as string;
}
