package ai.finks.simulators.fmp;

import java.util.Map;

/**
 * What a simulator has answered so far; its own {@code /simulator/…} paths are not counted.
 *
 * @param calls requests for the API, refused ones included
 * @param bytes bytes of the bodies sent
 * @param byStatus answers per HTTP status; a connection closed without answer counts as 0
 * @param byFault answers that met a fault, per kind
 * @param bySymbol complete answers with 200, per symbol asked for
 * @param mostAtOnce the most calls that were in progress at one time
 */
public record Statistics(
    long calls,
    long bytes,
    Map<Integer, Long> byStatus,
    Map<FaultKind, Long> byFault,
    Map<String, Long> bySymbol,
    int mostAtOnce) {}
