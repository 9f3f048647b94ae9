package ai.finks.simulators.demo;

import java.math.BigDecimal;
import java.util.SortedMap;

/**
 * What a portfolio holds at the end of a day.
 *
 * @param cash in USD, two places
 * @param positions shares by symbol, without those that are zero; no trailing zeros
 */
public record Holding(
    String portfolioId, BigDecimal cash, SortedMap<String, BigDecimal> positions) {}
