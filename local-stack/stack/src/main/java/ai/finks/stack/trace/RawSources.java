package ai.finks.stack.trace;

import org.jspecify.annotations.Nullable;

/**
 * Where raw records are looked for.
 *
 * @param bootstrapServers the broker, null where none runs
 * @param registryUrl the schema registry, null where none runs
 * @param lakeRoot what Bronze's objects are below
 */
public record RawSources(
    @Nullable String bootstrapServers, @Nullable String registryUrl, String lakeRoot) {}
