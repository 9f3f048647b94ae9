package ai.finks.stack.chaos;

import java.nio.file.Path;

/**
 * What the runs of several seeds share.
 *
 * @param pool nodes
 * @param desk the schema registry
 * @param schemas the folder of the shipped contracts and bindings
 */
record ChaosParts(NodePool pool, SchemaDesk desk, Path schemas) {}
