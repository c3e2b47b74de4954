/** Of the conversation between agents and coordinators; raised when one side must know what the other can do. */
export const protocolRevision = 1;
