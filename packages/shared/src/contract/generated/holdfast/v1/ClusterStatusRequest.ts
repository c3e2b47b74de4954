// Original file: ../../proto/holdfast/v1/cluster.proto


export interface ClusterStatusRequest {
  'minRevision'?: (string);
}

export interface ClusterStatusRequest__Output {
  'minRevision'?: (string);
}
