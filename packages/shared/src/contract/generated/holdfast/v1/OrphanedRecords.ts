// Original file: ../../proto/holdfast/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface OrphanedRecords {
  'id'?: (string);
  'lineage'?: (string);
  'forkEpoch'?: (number | string | Long);
  'forkSequence'?: (number | string | Long);
  'endEpoch'?: (number | string | Long);
  'endSequence'?: (number | string | Long);
  'lines'?: (string)[];
  'piece'?: (number);
  'lastPiece'?: (boolean);
}

export interface OrphanedRecords__Output {
  'id'?: (string);
  'lineage'?: (string);
  'forkEpoch'?: (number);
  'forkSequence'?: (number);
  'endEpoch'?: (number);
  'endSequence'?: (number);
  'lines'?: (string)[];
  'piece'?: (number);
  'lastPiece'?: (boolean);
}
