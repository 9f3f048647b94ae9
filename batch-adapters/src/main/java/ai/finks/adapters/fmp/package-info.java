/**
 * Bars and quotes of Financial Modeling Prep (the API under {@code /stable/}):
 *
 * <pre>
 * FmpRequest ─▶ units (symbol × dates) ─▶ RunJournal
 *    unit ─▶ FmpClient: gate, call, check, retry ─▶ whole response on disk
 *         ─▶ JsonArraySplitter ─▶ RawRecord per element ─▶ RawSink ─▶ acknowledged ─▶ unit done
 * </pre>
 */
package ai.finks.adapters.fmp;
