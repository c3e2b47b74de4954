// Original file: ../../proto/holdfast/v1/cluster.proto


export interface ClusterEventsRequest {
  'follow'?: (boolean);
  'tail'?: (number);
  'fromRevision'?: (string);
}

export interface ClusterEventsRequest__Output {
  'follow'?: (boolean);
  'tail'?: (number);
  'fromRevision'?: (string);
}
