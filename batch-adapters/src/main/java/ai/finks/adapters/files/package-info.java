/**
 * Records from files: CSV, NDJSON and JSON arrays, plain or compressed.
 *
 * <pre>
 * FilesRequest ─▶ units (files) ─▶ RunJournal
 *    file ─▶ FileContent: what is it, really? ─▶ LineSplitter | JsonArraySplitter
 *         ─▶ RawRecord per line or element ─▶ RawSink ─▶ acknowledged up to a line ─▶ file done
 * </pre>
 */
package ai.finks.adapters.files;
