// Original file: ../../proto/holdfast/v1/peer.proto


export interface OrphansMerged {
  'id'?: (string);
}

export interface OrphansMerged__Output {
  'id'?: (string);
}
