package ai.finks.stack.chaos;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.function.Consumer;

/**
 * What the runs of one process share.
 *
 * @param pool of nodes
 * @param desk gives schemas their ids
 * @param schemas the folder of the shipped contracts and bindings
 * @param present a month that is not over
 * @param progress receives a line per fault
 */
record ChaosParts(
    NodePool pool, SchemaDesk desk, Path schemas, YearMonth present, Consumer<String> progress) {}
