// Output segments. At half of the limit the segment becomes `output.old` (replacing the one before), so that at least
// the newest half always survives.
#include "output.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"

enum { SEGMENT_HEADER_BYTES = 8, FRAME_HEADER_BYTES = 13, MIN_SEGMENT_BYTES = 4096 };

static void put_number(uint8_t *place, uint64_t number, int bytes) {
  for (int at = 0; at < bytes; at++) place[at] = (uint8_t)(number >> 8 * at);
}

void begin_output(struct output *output, uint64_t limit_bytes) {
  uint64_t half = limit_bytes / 2;
  *output = (struct output){.descriptor = -1, .segment_limit_bytes = half < MIN_SEGMENT_BYTES ? MIN_SEGMENT_BYTES : half};
}

// A write that is cut short is taken back, so that a segment always ends with a whole frame.
static bool write_frame(struct output *output, struct iovec *parts, int count) {
  size_t length = 0;
  for (int at = 0; at < count; at++) length += parts[at].iov_len;
  if (writev(output->descriptor, parts, count) == (ssize_t)length) {
    output->segment_bytes += length;
    return true;
  }
  if (ftruncate(output->descriptor, (off_t)output->segment_bytes) < 0) return false;
  return false;
}

static bool open_segment(struct output *output) {
  output->descriptor = open("output", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (output->descriptor < 0) return false;
  output->segment_bytes = 0;
  uint8_t header[SEGMENT_HEADER_BYTES];
  put_number(header, output->total_bytes, 8);
  if (write_frame(output, &(struct iovec){header, sizeof header}, 1)) return true;
  close(output->descriptor);
  output->descriptor = -1;
  return false;
}

static bool make_room(struct output *output, size_t length) {
  if (output->descriptor >= 0) {
    bool fits = output->segment_bytes + FRAME_HEADER_BYTES + length <= output->segment_limit_bytes;
    if (fits || output->segment_bytes == SEGMENT_HEADER_BYTES) return true;
    if (rename("output", "output.old") < 0) return false;
    close(output->descriptor);
    output->descriptor = -1;
  }
  // The new segment's beginning tells what is missing before it.
  if (!open_segment(output)) return false;
  output->gap_bytes = 0;
  return true;
}

static bool write_gap(struct output *output) {
  uint8_t frame[FRAME_HEADER_BYTES + 8] = {0};
  put_number(frame + 1, (uint64_t)unix_ms(), 8);
  put_number(frame + 9, 8, 4);
  put_number(frame + FRAME_HEADER_BYTES, output->gap_bytes, 8);
  if (!write_frame(output, &(struct iovec){frame, sizeof frame}, 1)) return false;
  output->gap_bytes = 0;
  return true;
}

static bool write_piece(struct output *output, int stream, const uint8_t *data, size_t length) {
  if (!make_room(output, length)) return false;
  if (output->gap_bytes > 0 && !write_gap(output)) return false;
  uint8_t header[FRAME_HEADER_BYTES] = {(uint8_t)stream};
  put_number(header + 1, (uint64_t)unix_ms(), 8);
  put_number(header + 9, length, 4);
  struct iovec parts[] = {{header, sizeof header}, {(void *)data, length}};
  return write_frame(output, parts, 2);
}

void append_output(struct output *output, int stream, const uint8_t *data, size_t length) {
  size_t piece_limit = output->segment_limit_bytes - SEGMENT_HEADER_BYTES - FRAME_HEADER_BYTES;
  while (length > 0) {
    size_t piece = length < piece_limit ? length : piece_limit;
    if (!write_piece(output, stream, data, piece)) {
      output->dropped_bytes += piece;
      output->gap_bytes += piece;
    }
    output->total_bytes += piece;
    data += piece;
    length -= piece;
  }
}
