// Original file: ../../proto/holdfast/v1/cluster.proto


export interface ResumePlacementRequest {
}

export interface ResumePlacementRequest__Output {
}
