// The task's output on disk: frames of both streams in one file, in the order in which they were read.
//
// A segment (`output`, `output.old`) begins with 8 bytes: how many bytes the task had written before it. Each frame is
// 1 byte stream (1 stdout, 2 stderr), 8 bytes unix ms, 4 bytes length, data; numbers are little-endian. A frame of
// stream 0 holds 8 bytes: how many bytes were dropped at this place because the disk was full.
#ifndef HOLDFAST_OUTPUT_H
#define HOLDFAST_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_PIECE_BYTES = 64 * 1024 };

struct output {
  int descriptor;
  uint64_t segment_limit_bytes;
  uint64_t segment_bytes;
  // All that the task has written, dropped bytes included.
  uint64_t total_bytes;
  uint64_t dropped_bytes;
  // Dropped since the last frame that could be written.
  uint64_t gap_bytes;
};

void begin_output(struct output *output, uint64_t limit_bytes);

// Writes one piece of at most OUTPUT_PIECE_BYTES into the current folder. Never fails: what cannot be written is counted.
void append_output(struct output *output, int stream, const uint8_t *data, size_t length);

#endif
