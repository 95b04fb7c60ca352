/** The name of a value of the graph. */
export type Value = string;
