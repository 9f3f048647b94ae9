/** What a run remembers, so that it can be interrupted anywhere and resumed. */
package ai.finks.adapters.journal;
